#include <fmt/format.h>

#include "harness/program/names.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

void print_handle(std::string& out, const Step& step) {
  if (step.handle != HandleKind::own) out += fmt::format(" {}", words::word(words::handles, step.handle));
  if (step.context) out += fmt::format(" c{}", step.context);
}

void print_payload(std::string& out, const Step& step) {
  if (drawn(step.misuse)) out += fmt::format(" {}({},{})", words::word(words::misuses, step.misuse), step.payload.size, step.payload.seed);
  else if (step.payload != Payload{}) out += fmt::format(" text({},{})", step.payload.size, step.payload.seed);
}

void print_misuse(std::string& out, const Step& step) {
  if (step.misuse != Misuse::none && !drawn(step.misuse)) out += fmt::format(" {}", words::word(words::misuses, step.misuse));
}

void print_what(std::string& out, const Step& step) {
  switch (step.verb) {
    case Verb::create:
      if (step.role != RoleName::create) out += fmt::format(" {}", to_string(step.role));
      print_payload(out, step);
      break;
    case Verb::request:
      print_handle(out, step);
      out += step.proc ? fmt::format(" proc({})", *step.proc) : fmt::format(" {}", to_string(step.role));
      print_payload(out, step);
      break;
    case Verb::listen:
      print_handle(out, step);
      out += fmt::format(" {}", words::word(words::names, step.name));
      if (step.role == RoleName::emit_fail) out += " emit_fail";
      if (step.same_function) out += " same_function";
      break;
    case Verb::remove:
      if (step.handle != HandleKind::own || !step.object) print_handle(out, step);
      out += step.object ? ' ' + to_text(step.object) : fmt::format(" id({})", step.index);
      break;
    case Verb::complete:
      if (step.handle != HandleKind::own || !step.object) print_handle(out, step);
      out += step.object ? fmt::format(" {}.{}", to_text(step.object), step.index) : fmt::format(" id({})", step.index);
      out += step.code == 0 ? " ok" : step.code == 1 ? " err" : fmt::format(" ret({})", step.code);
      print_payload(out, step);
      break;
    case Verb::reg:
    case Verb::unregister:
      print_handle(out, step);
      if (step.name != NameKind::event) out += fmt::format(" {}", words::word(words::names, step.name));
      if (step.index) out += fmt::format(" host({})", step.index);
      break;
    case Verb::destroy:
      print_handle(out, step);
      break;
    case Verb::wait:
      out += ' ' + to_text(step.object);
      break;
    case Verb::park:
    case Verb::hold:
    case Verb::again:
      break;
  }
}

}  // namespace

std::string_view to_string(HandleKind kind) { return words::word(words::handles, kind); }
std::string_view to_string(Misuse misuse) { return words::word(words::misuses, misuse); }
std::string_view to_string(NameKind kind) { return words::word(words::names, kind); }

std::string to_text(Ref ref) {
  if (ref.kind == ObjectKind::all) return "all";
  return fmt::format("{}{}", words::word(words::kinds, ref.kind), ref.number);
}

std::string to_text(const Step& step) {
  std::string out;
  if (step.defines) out += to_text(step.defines) + " = ";
  out += words::word(words::verbs, step.verb);
  print_what(out, step);
  if (step.ms) out += fmt::format(" {}ms", step.ms);
  if (step.count != 1) out += fmt::format(" #{}", step.count);
  if (step.linger_us) out += fmt::format(" {}us", step.linger_us);
  if (step.native) out += fmt::format(" {}", words::word(words::natives, *step.native));
  print_misuse(out, step);
  if (step.repeat != 1) out += fmt::format(" x{}", step.repeat);
  if (!step.body.empty()) {
    out += " {";
    for (std::size_t i = 0; i < step.body.size(); ++i) out += (i ? "; " : " ") + to_text(step.body[i]);
    out += " }";
  }
  return out;
}

std::string to_text(const Program& program) {
  std::string out;
  std::string switches;
  if (program.fresh_process) switches += " fresh_process";
  if (program.fresh_threads) switches += " fresh_threads";
  if (program.signal_storm) switches += " signal_storm";
  if (program.many_descriptors) switches += " many_descriptors";
  if (program.rounds > 1) switches += fmt::format(" rounds({})", program.rounds);
  if (!switches.empty()) out += fmt::format("program{}\n", switches);
  for (const Step& step : program.steps) out += fmt::format("{}  {}\n", static_cast<char>('A' + step.thread), to_text(step));
  return out;
}

}  // namespace ffi_cts
