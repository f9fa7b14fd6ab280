// One conversation while it is held: what is sent, what comes, what is still due.
#pragma once

#include <chrono>
#include <map>
#include <set>

#include "harness/conversation/trace.hpp"
#include "harness/peer/driver.hpp"
#include "harness/peer/stillness.hpp"

namespace ffi_cts::peer {

class Dialogue {
 public:
  Dialogue(Process& process, const Setup& setup, const Manner& manner, const Conversation& conversation);

  Trace hold();

 private:
  // Something that a conforming peer will do. It is waited for; what it means when it does not come, judges say.
  struct Due {
    enum Kind { echo, spawned, proxy, link, exited, exit } kind;
    std::uint64_t number;  // echo: of the step; exit: of the actor; else: of the judge's actor that hears of it
    int step;
  };

  // steps
  void act(const Step& step);
  void act_framed(const Step& step);
  void ask(const Step& step, Bytes payload);
  void end_of_judges_actor(const Step& step);
  void flood(const Step& step);
  void ask_whether_all_is_well();
  void leave(bool both);
  bool address(const Step& step, Message& message);
  Bytes echo_payload(int number, std::uint32_t size, std::uint32_t seed) const;
  Bytes echo_payload(int number, const Bytes& item) const;
  Bytes fitting_payload(const Step& step, const Message& message) const;
  Bytes full_payload(const Message& message) const;

  // streams
  void send(Message message, const Form& form, int step);
  void send_raw(const Bytes& bytes, FaultClass fault, const std::string& text);
  void flush();
  void write_piece(ByteView bytes, bool until_taken);
  void await_taken();
  bool pump(int ms);
  bool read_output();
  bool read_diagnostics();
  void take_line();
  bool make_noise(std::string_view text);
  bool read_control();
  void take(const Frame& frame);
  void settle();
  void kill_it();
  void finish();
  void note(Seen seen, std::string text = {});

  // what came
  void fulfil(const Message& message);
  void remove_due(Due::Kind kind, std::uint64_t number);
  void learn(const Message& message);

  bool over() const { return ended_ || closed_; }
  // Nothing more is to be learned: it is over, there is nobody to speak to, or the backstop ran out time and again.
  bool hopeless() const { return over() || mute_ || stillness_.ran_out() > 1; }

  Process& process_;
  const Setup& setup_;
  const Manner& manner_;
  Trace trace_;
  Stillness stillness_;
  FrameReader reader_;
  std::size_t sent_ = 0, received_ = 0;  // bytes
  std::string line_;                     // of stderr, not ended yet
  std::size_t lines_ = 0, due_lines_ = 0;
  std::vector<std::string> noises_;  // that were made
  Bytes held_;                       // frames that wait to be written together with the next one
  bool reads_ = true;                // the peer
  bool reading_ = true, ended_ = false, closed_ = false, mute_ = false, stub_gone_ = false;
  bool ending_due_ = false;  // the peer is to end the connection by itself
  int step_ = 0;             // the one that is acted
  std::vector<Due> due_;
  std::map<int, std::uint64_t> actors_;                       // the peer's: their ids
  std::set<std::uint64_t> ending_;                            // … that were asked to end
  std::set<std::pair<std::uint64_t, std::uint64_t>> linked_;  // the judge's actor, the peer's that it is linked to
  std::set<std::pair<int, std::uint64_t>>
      asked_to_link_;  // of the peer's to one of the judge's; a second time it may say nothing
  std::vector<std::pair<std::uint64_t, std::uint64_t>>
      watches_;  // the peer's actor, the judge's actor that it is linked to
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace ffi_cts::peer
