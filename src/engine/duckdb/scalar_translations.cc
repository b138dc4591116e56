#include "sql_text.h"
#include "translation.h"
#include "translation_template.h"

// The translation table of scalar functions, keyed by the canonical names of sql/functions.h.

namespace medallion::duckdb {
namespace {

const Translations& Table() {
  static const Translations table = [] {
    Translations entries;
    for (const auto& topic : {ConditionTranslations, CollectionTranslations, ArithmeticTranslations,
                              DateTimeTranslations, RegexTranslations, TextTranslations}) {
      entries.merge(topic());
    }
    return entries;
  }();
  return table;
}

}  // namespace

Result<std::string> TranslateScalar(Printer& printer, const PrintedCall& call) {
  const auto found = Table().find(call.function);
  if (found == Table().end()) {
    return printer.Unsupported(call.expression.span,
                               fmt::format("the function `{}` is not supported", call.function));
  }
  const Translation& translation = found->second;
  if (translation.custom != nullptr) {
    return translation.custom(printer, call);
  }
  for (const std::string_view text : translation.templates) {
    const int arity = TemplateArity(text);
    if (arity == -1 || arity == static_cast<int>(call.args.size())) {
      return FillTemplate(text, call.args, TypeName(call.type()));
    }
  }
  return printer.Unsupported(call.expression.span,
                             fmt::format("the function `{}` with {} arguments is not supported",
                                         call.function, call.args.size()));
}

}  // namespace medallion::duckdb
