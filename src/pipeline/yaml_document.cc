#include "yaml_document.h"

#include <exception>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include <re2/re2.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/diagnostic.h"
#include "base/text.h"

namespace medallion::pipeline {
namespace {

Diagnostic InvalidYaml(const SourceTextPtr& source, Span span, std::string message,
                       std::string label, std::vector<std::string> hints) {
  return Diagnostic::At(source, span, "INVALID_YAML", std::move(message), std::move(label),
                        std::move(hints));
}

// Leaves yaml-cpp's recursion; caught in ParseYaml.
struct Refusal : std::exception {
  explicit Refusal(Diagnostic finding) : diagnostic(std::move(finding)) {}
  const char* what() const noexcept override { return diagnostic.message.c_str(); }
  Diagnostic diagnostic;
};

// Builds the tree from yaml-cpp's events. Entering a collection pushes it on `open_`; a finished
// value goes to the innermost open collection, in maps alternately as key and as value.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(SourceTextPtr source) : source_(std::move(source)) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    OnScalar(mark, "?", anchor, "");
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Refuse(At(mark), "aliases are not supported in settings files", "alias",
           "write the value out where it is needed");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseDecorations(mark, tag, anchor);
    YamlNode node;
    node.scalar = value;
    node.plain = tag == "?";
    node.span = ScalarSpan(mark, node);
    Finish(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, YamlNode::Kind::kSequence);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { Close(); }

  std::optional<YamlNode> TakeRoot() { return std::move(root_); }

 private:
  struct OpenNode {
    YamlNode node;
    std::optional<YamlEntry> pending;  // a map's key that waits for its value
    std::map<std::string, Span> keys;
  };

  [[noreturn]] void Refuse(Span span, std::string message, std::string label,
                           std::string hint) const {
    throw Refusal(
        InvalidYaml(source_, span, std::move(message), std::move(label), {std::move(hint)}));
  }

  Span At(const YAML::Mark& mark) const {
    const auto begin = static_cast<uint32_t>(std::max(mark.pos, 0));
    return {begin, begin + 1};
  }

  // A plain scalar's span is its text, a quoted one's reaches to the closing quote on its line.
  Span ScalarSpan(const YAML::Mark& mark, const YamlNode& node) const {
    const Span first = At(mark);
    const std::string& text = source_->text();
    const size_t line_end = std::min(text.find('\n', first.begin), text.size());
    size_t end = first.begin + node.scalar.size();
    const char opening = first.begin < text.size() ? text[first.begin] : '\0';
    if (opening == '"' || opening == '\'') {
      const size_t closing = text.find(opening, first.begin + 1);
      end = closing == std::string::npos ? line_end : closing + 1;
    }
    end = std::clamp<size_t>(end, first.begin, line_end);
    return {first.begin, static_cast<uint32_t>(end)};
  }

  void RefuseDecorations(const YAML::Mark& mark, const std::string& tag,
                         YAML::anchor_t anchor) const {
    if (anchor != 0) {
      Refuse(At(mark), "anchors are not supported in settings files", "anchor",
             "write the value out where it is needed");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      Refuse(At(mark), fmt::format("tags are not supported in settings files: {}", tag),
             "tagged value", "remove the tag; quote the value if it is text");
    }
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlNode::Kind kind) {
    RefuseDecorations(mark, tag, anchor);
    if (open_.size() >= kYamlDepthMax) {
      Refuse(At(mark), fmt::format("nested deeper than {} levels", kYamlDepthMax),
             "one level too many", "settings need three levels at most");
    }
    OpenNode open;
    open.node.kind = kind;
    open.node.span = At(mark);
    open_.push_back(std::move(open));
  }

  void Close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Finish(std::move(node));
  }

  void Finish(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    OpenNode& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::kSequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.pending) {
      BeginEntry(parent, node);
    } else {
      parent.pending->value = std::move(node);
      parent.node.entries.push_back(*std::move(parent.pending));
      parent.pending.reset();
    }
  }

  void BeginEntry(OpenNode& map, const YamlNode& key) const {
    if (key.kind != YamlNode::Kind::kScalar) {
      Refuse(key.span, "a key must be a text", "list or map as a key", "write `key: value`");
    }
    const auto [place, added] = map.keys.emplace(key.scalar, key.span);
    if (!added) {
      const LineColumn first = source_->Locate(place->second.begin);
      Refuse(key.span, fmt::format("duplicate key `{}`", key.scalar), "written again",
             fmt::format("it is already at {}:{}:{}: keep one of the two", source_->name(),
                         first.line, first.column));
    }
    map.pending = YamlEntry{key.scalar, key.span, {}};
  }

  SourceTextPtr source_;
  std::vector<OpenNode> open_;
  std::optional<YamlNode> root_;
};

bool HasUtf16Mark(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

std::optional<Diagnostic> RefuseBytes(const SourceTextPtr& source) {
  const std::string& text = source->text();
  if (text.size() > kYamlBytesMax) {
    return InvalidYaml(
        source, {}, fmt::format("the file is larger than {} bytes: {}", kYamlBytesMax, text.size()),
        "", {"settings files are a few lines; is this the right file?"});
  }
  const size_t nul = text.find('\0');
  if (HasUtf16Mark(text) || nul != std::string::npos || !IsValidUtf8(text)) {
    const auto place = static_cast<uint32_t>(nul == std::string::npos ? 0 : nul);
    return InvalidYaml(source, {place, place}, "the file is not UTF-8 text", "",
                       {"save the file as UTF-8"});
  }
  return std::nullopt;
}

Span SpanAt(const YAML::Mark& mark, const SourceText& source) {
  if (mark.is_null()) {
    return {};
  }
  const auto begin = std::min(static_cast<uint32_t>(std::max(mark.pos, 0)),
                              static_cast<uint32_t>(source.text().size()));
  return {begin, begin + 1};
}

std::string TabHint(const SourceText& source, Span place) {
  const std::string_view line = source.Line(source.Locate(place.begin).line);
  return line.find('\t') == std::string_view::npos
             ? "check indentation, quotes and colons near this place"
             : "indent with blanks, not tabs";
}

Error SyntaxError(const SourceTextPtr& source, const YAML::Exception& problem) {
  const Span place = SpanAt(problem.mark, *source);
  return Error(ErrorCode::kSpecification,
               {InvalidYaml(source, place, "not valid YAML: " + problem.msg, "here",
                            {TabHint(*source, place)})});
}

Result<YamlNode> ParseDocuments(const SourceTextPtr& source) {
  std::istringstream stream(source->text());
  YAML::Parser parser(stream);
  TreeBuilder builder(source);
  const bool found = parser.HandleNextDocument(builder);
  std::optional<YamlNode> root = found ? builder.TakeRoot() : std::nullopt;
  if (!root) {
    return YamlNode{.plain = true};
  }
  TreeBuilder second(source);
  if (parser.HandleNextDocument(second)) {
    const std::optional<YamlNode> extra = second.TakeRoot();
    return Error(ErrorCode::kSpecification,
                 {InvalidYaml(source, extra ? extra->span : Span{},
                              "the file holds more than one YAML document", "second document",
                              {"keep one document; remove the `---` line"})});
  }
  return *std::move(root);
}

}  // namespace

const YamlEntry* YamlNode::Find(std::string_view key) const {
  for (const YamlEntry& entry : entries) {
    if (entry.key == key) {
      return &entry;
    }
  }
  return nullptr;
}

YamlType CoreType(const YamlNode& scalar) {
  if (!scalar.plain) {
    return YamlType::kString;
  }
  const std::string& text = scalar.scalar;
  if (RE2::FullMatch(text, "null|Null|NULL|~|")) {
    return YamlType::kNull;
  }
  if (RE2::FullMatch(text, "true|True|TRUE|false|False|FALSE")) {
    return YamlType::kBoolean;
  }
  if (RE2::FullMatch(text, "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")) {
    return YamlType::kInteger;
  }
  if (RE2::FullMatch(text, R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)") ||
      RE2::FullMatch(text, R"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))")) {
    return YamlType::kFloat;
  }
  return YamlType::kString;
}

std::string Yaml11Surprise(const YamlNode& scalar) {
  if (CoreType(scalar) != YamlType::kString || !scalar.plain) {
    return "";
  }
  // YAML 1.1, "Language-Independent Types": bool, int (with `_` and base 60), timestamp.
  if (RE2::FullMatch(scalar.scalar, "(?i:yes|no|on|off)")) {
    return "a boolean";
  }
  if (RE2::FullMatch(scalar.scalar,
                     R"([-+]?[0-9][0-9_]*(\.[0-9_]*)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+)")) {
    return "a number";
  }
  if (RE2::FullMatch(scalar.scalar, R"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)")) {
    return "a date";
  }
  return "";
}

std::string DescribeYaml(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kScalar) {
    return node.kind == YamlNode::Kind::kMap ? "a map" : "a list";
  }
  switch (CoreType(node)) {
    case YamlType::kNull: return "nothing";
    case YamlType::kBoolean: return "a boolean";
    case YamlType::kInteger:
    case YamlType::kFloat: return "a number";
    case YamlType::kString: return "a text";
  }
  return "a text";
}

Result<YamlNode> ParseYaml(const SourceTextPtr& source) {
  if (std::optional<Diagnostic> refused = RefuseBytes(source)) {
    return Error(ErrorCode::kSpecification, {*std::move(refused)});
  }
  try {
    return ParseDocuments(source);
  } catch (const Refusal& refusal) {
    return Error(ErrorCode::kSpecification, {refusal.diagnostic});
  } catch (const YAML::Exception& problem) {
    return SyntaxError(source, problem);
  }
}

}  // namespace medallion::pipeline
