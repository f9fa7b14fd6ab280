// my_timer: echoes after a while, and tells every listener. Behaves as the library of that name in the field.
#pragma once

#include "my_timer_library.hpp"

#include <memory>

namespace my_timer_library {

class MyTimer : public MyTimerBase {
 public:
  MyTimer(Context& context, std::string name) : MyTimerBase(context), name_(std::move(name)) {}
  static Task<std::unique_ptr<MyTimer>> create(Context& context, TimerConfig config);

  Task<EchoResponse> echo(EchoRequest req);
  Task<std::string> version();
  Task<ComplexResponse> complex(ComplexRequest req);
  Task<ScheduleResult> schedule(JobSpec job, RetryPolicy retry, ScheduleConfig schedule);

 private:
  const std::string name_;
};

}  // namespace my_timer_library
