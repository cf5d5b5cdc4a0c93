#include "core/chat/jinja/json_value.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace z2::jinja {

Value valueOf(const Json& json, uint32_t origin) {
  switch (json.type()) {
    case Json::value_t::string:
      return Value::text(json.get_ref<const std::string&>(), origin);
    case Json::value_t::boolean:
      return Value::boolean(json.get<bool>());
    case Json::value_t::number_integer:
      return Value::integer(json.get<int64_t>());
    case Json::value_t::number_unsigned: {
      const auto number = json.get<uint64_t>();
      if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
        return Value::real(static_cast<double>(number));
      return Value::integer(static_cast<int64_t>(number));
    }
    case Json::value_t::number_float:
      return Value::real(json.get<double>());
    case Json::value_t::array: {
      std::vector<Value> items;
      for (const Json& item : json) items.push_back(valueOf(item, origin));
      return Value::list(std::move(items));
    }
    case Json::value_t::object: {
      std::vector<std::pair<std::string, Value>> items;
      for (const auto& [key, item] : json.items()) items.emplace_back(key, valueOf(item, origin));
      return Value::dict(std::move(items));
    }
    default:
      return Value::none();
  }
}

}  // namespace z2::jinja
