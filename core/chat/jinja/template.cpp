#include "core/chat/jinja/template.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "core/chat/jinja/parser.h"
#include "core/io/limits.h"
#include "core/text/utf8.h"

namespace z2::jinja {

namespace {

bool holdsGeneration(const Body& body) {
  return std::any_of(body.begin(), body.end(), [](const Statement& statement) {
    return statement.kind == StatementKind::kGeneration || holdsGeneration(statement.body) ||
           holdsGeneration(statement.orElse) ||
           std::any_of(statement.branches.begin(), statement.branches.end(),
                       [](const Branch& branch) { return holdsGeneration(branch.body); });
  });
}

}  // namespace

Template::Template(std::string name, std::shared_ptr<const Body> body)
    : name_(std::move(name)), body_(std::move(body)), hasGeneration_(holdsGeneration(*body_)) {}

Result<Template> Template::parse(std::string_view source, std::string name) {
  if (source.size() > limits::kStringBytes)
    return badInput(name, "the template is larger than a megabyte");
  if (!isValidUtf8(source)) return badInput(name, "the template is not valid UTF-8");
  Z2_TRY(Body body, jinja::parse(source, name));
  return Template(std::move(name), std::make_shared<const Body>(std::move(body)));
}

Result<MarkedText> Template::render(const Variables& variables,
                                    const RenderOptions& options) const {
  Context context(name_, options.limits, options.now);
  return Evaluator(variables, context).run(*body_);
}

}  // namespace z2::jinja
