#include "harness/report/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace ffi_cts {
namespace {

std::string word_of(const CellResult& cell, const Result& result) {
  switch (state_of(cell, result)) {
    case CellState::not_applicable: return ".";
    case CellState::not_run: return "-";
    case CellState::not_reached: return "!";
    case CellState::whole: return "ok";
    case CellState::broken: break;
  }
  std::string rules;
  for (spec::RuleId rule : confirmed(cell, result)) rules += (rules.empty() ? "" : " ") + std::string(rule.id());
  return rules;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

struct Grid {
  explicit Grid(const Result& result, const std::string& table) {
    for (const CellResult& cell : result.cells) {
      const Cell& place = cell.scenario->cell;
      if (place.table != table) continue;
      add_once(rows, place.row);
      add_once(columns, place.column);
      words[{place.row, place.column}] = word_of(cell, result);
      due += cell.applicable;
      reached += cell.applicable && cell.reached;
    }
  }

  std::string text(const std::string& table) const {
    std::size_t first = table.size();
    for (const std::string& row : rows) first = std::max(first, row.size());
    std::string out = fmt::format("{:<{}}", table, first);
    for (const std::string& column : columns) out += fmt::format("  {:>{}}", column, width_of(column));
    out += '\n';
    for (const std::string& row : rows) {
      out += fmt::format("{:<{}}", row, first);
      for (const std::string& column : columns) out += fmt::format("  {:>{}}", word(row, column), width_of(column));
      out += '\n';
    }
    return out + fmt::format("{}: {} of {} cells came about\n", table, reached, due);
  }

  std::string word(const std::string& row, const std::string& column) const {
    auto found = words.find({row, column});
    return found == words.end() ? "" : found->second;
  }
  std::size_t width_of(const std::string& column) const {
    std::size_t width = column.size();
    for (const std::string& row : rows) width = std::max(width, word(row, column).size());
    return width;
  }

  std::vector<std::string> rows, columns;
  std::map<std::pair<std::string, std::string>, std::string> words;
  int due = 0, reached = 0;
};

}  // namespace

const char* to_string(CellState state) {
  constexpr std::array<const char*, 5> words = {"not applicable", "not run", "not reached", "ok", "broken"};
  return words[static_cast<std::size_t>(state)];
}

std::vector<spec::RuleId> confirmed(const CellResult& cell, const Result& result) {
  std::vector<spec::RuleId> out;
  for (const RuleResult& rule : result.rules)
    if (rule.breach && std::find(cell.broken.begin(), cell.broken.end(), rule.rule) != cell.broken.end()) out.push_back(rule.rule);
  return out;
}

CellState state_of(const CellResult& cell, const Result& result) {
  if (!cell.applicable) return CellState::not_applicable;
  if (cell.runs == 0) return CellState::not_run;
  if (!confirmed(cell, result).empty()) return CellState::broken;
  return cell.reached ? CellState::whole : CellState::not_reached;
}

std::string cell_tables(const Result& result) {
  std::vector<std::string> tables;
  for (const CellResult& cell : result.cells) add_once(tables, cell.scenario->cell.table);
  std::string out;
  for (const std::string& table : tables) out += (out.empty() ? "" : "\n") + Grid(result, table).text(table);
  return out;
}

}  // namespace ffi_cts
