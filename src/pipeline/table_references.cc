#include "table_references.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace medallion::pipeline {
namespace {

using namespace sql::ast;  // NOLINT(google-build-using-namespace): the visitor names every node of
                           // it

// Walks a query with the names of common tables that hide tables. The depth is bounded by the
// parser.
class ReferenceFinder {
 public:
  std::vector<TableMention> Take() {
    std::stable_sort(
        found_.begin(), found_.end(),
        [](const TableMention& a, const TableMention& b) { return a.span.begin < b.span.begin; });
    return std::move(found_);
  }

  void Visit(const QueryPtr& query) {
    if (query == nullptr) {
      return;
    }
    const size_t outer_scope = hidden_.size();
    for (const CommonTable& table : query->with) {
      Visit(table.query);
      hidden_.push_back(table.name.text);
    }
    Visit(query->body);
    Visit(query->order_by);
    Visit(query->limit);
    Visit(query->offset);
    hidden_.resize(outer_scope);
  }

 private:
  bool IsHidden(const sql::QualifiedName& name) const {
    return name.parts.size() == 1 &&
           std::any_of(hidden_.begin(), hidden_.end(), [&](const std::string& hidden) {
             return EqualsIgnoreCase(hidden, name.parts.front());
           });
  }

  void Visit(const QueryTermPtr& term) {
    if (term != nullptr) {
      std::visit([&](const auto& node) { VisitNode(node); }, term->node);
    }
  }
  void Visit(const RelationPtr& relation) {
    if (relation != nullptr) {
      std::visit([&](const auto& node) { VisitNode(node); }, relation->node);
    }
  }
  void Visit(const ExpressionPtr& expression) {
    if (expression != nullptr) {
      std::visit([&](const auto& node) { VisitNode(node); }, expression->node);
    }
  }
  void Visit(const SortItem& item) { Visit(item.expr); }
  void Visit(const OrderBy& order) { VisitAll(order.items); }
  void Visit(const Argument& argument) {
    Visit(argument.value);
    Visit(argument.table);
  }
  void Visit(const SelectItem& item) { Visit(item.expr); }
  void Visit(const Over& over) {
    if (const WindowSpec* window = std::get_if<WindowSpec>(&over)) {
      VisitAll(window->partition_by);
      VisitAll(window->order_by);
    }
  }
  template <class Items>
  void VisitAll(const Items& items) {
    for (const auto& item : items) {
      Visit(item);
    }
  }

  void VisitNode(const Select& select) {
    VisitAll(select.items);
    Visit(select.from);
    Visit(select.where);
    if (select.group_by) {
      for (const GroupingElement& element : select.group_by->elements) {
        for (const auto& set : element.sets) {
          VisitAll(set);
        }
      }
    }
    Visit(select.having);
    Visit(select.qualify);
    for (const NamedWindow& window : select.windows) {
      Visit(window.window);
    }
  }
  void VisitNode(const SetOperation& operation) {
    Visit(operation.left);
    Visit(operation.right);
  }
  void VisitNode(const NestedQuery& nested) { Visit(nested.query); }

  void VisitNode(const TableReference& table) {
    Visit(table.version);
    Visit(table.timestamp);
    if (table.live || !IsHidden(table.name)) {
      found_.push_back({table.name, table.name_span, table.live, table.streaming});
    }
  }
  void VisitNode(const SubqueryRelation& subquery) { Visit(subquery.query); }
  void VisitNode(const ValuesRelation& values) {
    for (const auto& row : values.rows) {
      VisitAll(row);
    }
  }
  void VisitNode(const TableFunctionCall& call) { VisitAll(call.args); }
  void VisitNode(const JoinRelation& join) {
    Visit(join.left);
    Visit(join.right);
    Visit(join.condition);
  }
  void VisitNode(const LateralView& view) {
    Visit(view.input);
    VisitAll(view.args);
  }

  void VisitNode(const Literal& /*node*/) {}
  void VisitNode(const TimestampLiteral& /*node*/) {}
  void VisitNode(const IntervalLiteral& /*node*/) {}
  void VisitNode(const ColumnReference& /*node*/) {}
  void VisitNode(const Star& /*node*/) {}
  void VisitNode(const Unary& node) { Visit(node.operand); }
  void VisitNode(const Binary& node) {
    Visit(node.left);
    Visit(node.right);
  }
  void VisitNode(const Between& node) {
    Visit(node.operand);
    Visit(node.low);
    Visit(node.high);
  }
  void VisitNode(const InList& node) {
    Visit(node.operand);
    VisitAll(node.candidates);
  }
  void VisitNode(const InSubquery& node) {
    Visit(node.operand);
    Visit(node.query);
  }
  void VisitNode(const Like& node) {
    Visit(node.operand);
    VisitAll(node.patterns);
  }
  void VisitNode(const IsTest& node) { Visit(node.operand); }
  void VisitNode(const IsDistinctFrom& node) {
    Visit(node.left);
    Visit(node.right);
  }
  void VisitNode(const Exists& node) { Visit(node.query); }
  void VisitNode(const ScalarSubquery& node) { Visit(node.query); }
  void VisitNode(const Case& node) {
    Visit(node.operand);
    for (const Case::Branch& branch : node.branches) {
      Visit(branch.condition);
      Visit(branch.result);
    }
    Visit(node.otherwise);
  }
  void VisitNode(const Cast& node) { Visit(node.operand); }
  void VisitNode(const FunctionCall& node) {
    VisitAll(node.args);
    Visit(node.filter);
    VisitAll(node.within_group);
    if (node.over) {
      Visit(*node.over);
    }
  }
  void VisitNode(const Lambda& node) { Visit(node.body); }
  void VisitNode(const Subscript& node) {
    Visit(node.base);
    Visit(node.index);
  }
  void VisitNode(const FieldAccess& node) { Visit(node.base); }
  void VisitNode(const RowConstructor& node) { VisitAll(node.elements); }

  std::vector<std::string> hidden_;
  std::vector<TableMention> found_;
};

}  // namespace

std::vector<TableMention> FindTableReferences(const sql::ast::Query& query) {
  ReferenceFinder finder;
  // The visitor takes shared pointers, as the tree holds them; this one owns nothing.
  finder.Visit(QueryPtr(QueryPtr(), &query));
  return finder.Take();
}

}  // namespace medallion::pipeline
