#include "core/run_import/import_report.h"

#include <cstdint>
#include <utility>

namespace z2 {

uint64_t ImportReport::leftOutCount() const {
  uint64_t count = 0;
  for (const LeftOut& one : leftOut) count += one.count;
  return count;
}

Json toJson(const ImportReport& report) {
  Json leftOut = Json::array();
  for (const LeftOut& one : report.leftOut)
    leftOut.push_back({{"what", one.what}, {"where", one.where}, {"count", one.count}});
  return {{"format", report.format},
          {"run", report.run.native()},
          {"files", report.files},
          {"lines", report.lines},
          {"records", report.records},
          {"rows", report.rows},
          {"attempts", report.attempts},
          {"first_step", report.firstStep},
          {"last_step", report.lastStep},
          {"metrics", report.metrics},
          {"keys", report.keys},
          {"renamed", report.renamed},
          {"not_understood", report.leftOutCount()},
          {"left_out", std::move(leftOut)},
          {"notes", report.notes}};
}

}  // namespace z2
