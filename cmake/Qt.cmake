# The window's toolkit. Targets of ui/ and app/workbench are made with z2_ui_library / z2_use_qt.
find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets Charts Svg LinguistTools)
if(Z2_BUILD_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
endif()

add_library(z2_qt INTERFACE)
target_link_libraries(z2_qt INTERFACE Qt6::Widgets Qt6::Charts Qt6::Svg)
target_compile_definitions(z2_qt INTERFACE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
                           QT_NO_CONTEXTLESS_CONNECT QT_NO_FOREACH QT_USE_QSTRINGBUILDER)

# Qt's headers are compiled once, with z2_ui_base, and shared by the window's libraries.
function(z2_use_qt target)
  set_target_properties(${target} PROPERTIES AUTOMOC ON)
  target_link_libraries(${target} PUBLIC z2_qt z2_options)
  if(target STREQUAL z2_ui_base)
    target_precompile_headers(z2_ui_base PRIVATE ${CMAKE_SOURCE_DIR}/ui/base/pch.h)
  else()
    target_precompile_headers(${target} REUSE_FROM z2_ui_base)
  endif()
endfunction()
