// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/plugin/helper_output.hpp"
#include "core/plugin/host_tables.hpp"
#include "core/plugin/secret_handle.hpp"
#include "core/system/process.hpp"

namespace hearth::plugin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<const char*, 4> kFolders{"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"};
constexpr std::size_t kMaxFds = 16;
constexpr std::size_t kMaxArguments = 256;
/// A pipe takes this much without a reader.
constexpr std::size_t kMaxInput = std::size_t{64} * 1024;

Error run_error(Code code, std::string_view id, const std::string& program, std::string why) {
    return Error(code, id, "The program \"" + program + "\" did not do its work.")
        .why(std::move(why));
}

Result<std::string> find_program(const std::string& name) {
    if (name.empty() || name.find('/') != std::string::npos)
        return run_error(Code::invalid_argument, "helper-invalid", name,
                         "Programs are named without a path.");
    for (const char* folder : kFolders) {
        std::string path = folder + name;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return run_error(Code::backend_unavailable, "helper-missing", name, "It is not installed.")
        .hint("Install the package that has it.");
}

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

Result<Pipe> make_pipe(const std::string& program) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        const int cause = errno;
        return run_error(Code::io, "helper-pipe", program, "").sys(cause);
    }
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

/// The reading end of a pipe that holds the input already: nobody has to feed it while the program
/// runs.
Result<UniqueFd> make_input(const hearth_secret* input, const std::string& program) {
    if (input == nullptr) return UniqueFd();
    const std::string_view bytes = from_handle(input)->view();
    HEARTH_TRY(pipe, make_pipe(program));
    if (bytes.size() > kMaxInput ||
        ::write(pipe.write.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        return run_error(Code::invalid_argument, "helper-invalid", program,
                         "Its input is too long.");
    return std::move(pipe.read);
}

Result<system::SpawnRequest> make_request(const hearth_command& command) {
    system::SpawnRequest request;
    for (std::size_t i = 0; command.argv != nullptr && command.argv[i] != nullptr; ++i) {
        if (i == kMaxArguments)
            return run_error(Code::invalid_argument, "helper-invalid", request.arguments[0],
                             "It has too many arguments.");
        request.arguments.emplace_back(command.argv[i]);
    }
    if (request.arguments.empty() || command.fd_count > kMaxFds)
        return run_error(Code::invalid_argument, "helper-invalid", "",
                         "It has no name, or too many open files.");
    HEARTH_TRY(path, find_program(request.arguments[0]));
    request.program = std::move(path);
    request.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};
    request.parent_death_signal = SIGKILL;
    request.capabilities = plugin_limit();
    for (std::size_t i = 0; i < command.fd_count; ++i)
        request.fds.emplace_back(command.fds[i], static_cast<int>(3 + i));
    return request;
}

/// The earlier of the command's own deadline and the operation's.
std::optional<Clock::time_point> deadline_of(const OperationContext& op,
                                             const hearth_command& command) {
    auto deadline = op.deadline;
    if (command.deadline_ms == 0) return deadline;
    const auto own = Clock::now() + std::chrono::milliseconds(command.deadline_ms);
    return deadline ? std::min(*deadline, own) : own;
}

int milliseconds_until(const std::optional<Clock::time_point>& deadline) {
    if (!deadline) return -1;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 0, 3'600'000));
}

/// Passes the output on to the log until the program ends. A program left behind is killed by its
/// owner's destructor.
Result<system::ExitState> attend(const OperationContext& op, system::ChildProcess& child,
                                 HelperOutput& output, const std::string& name,
                                 const std::optional<Clock::time_point>& deadline) {
    for (;;) {
        const int cancel = op.critical ? -1 : op.cancel_fd;
        std::array<pollfd, 3> waits{
            pollfd{child.pidfd(), POLLIN, 0}, {output.fd(), POLLIN, 0}, {cancel, POLLIN, 0}};
        const int timeout = op.critical ? -1 : milliseconds_until(deadline);
        const int ready = ::poll(waits.data(), waits.size(), timeout);
        if (ready < 0 && errno != EINTR)
            return run_error(Code::io, "helper-wait", name, "Waiting for it failed.");
        if (waits[1].revents != 0) output.read_some();
        if (waits[0].revents != 0) return child.wait();
        if (waits[2].revents != 0)
            return run_error(Code::cancelled, "helper-cancelled", name,
                             "The operation was cancelled.");
        if (ready == 0 && timeout >= 0 && milliseconds_until(deadline) == 0)
            return run_error(Code::timeout, "helper-timeout", name, "It took too long.");
    }
}

Result<std::int32_t> run_helper(const OperationContext& op, const hearth_command& command) {
    HEARTH_TRY(request, make_request(command));
    const std::string name = request.arguments[0];
    HEARTH_TRY(input, make_input(command.input, name));
    HEARTH_TRY(output_pipe, make_pipe(name));
    if (input) request.fds.emplace_back(input.get(), 0);
    request.fds.emplace_back(output_pipe.write.get(), 1);
    request.fds.emplace_back(output_pipe.write.get(), 2);
    HEARTH_TRY(child, system::spawn(request));
    output_pipe.write.reset();
    HelperOutput output(std::move(output_pipe.read), [&](std::string_view line) {
        op.log(LOG_INFO, name + ": " + std::string(line));
    });
    HEARTH_TRY(end, attend(op, child, output, name, deadline_of(op, command)));
    output.drain();
    return end.signal != 0 ? 128 + end.signal : end.code;
}

hearth_status run(hearth_op* op, const hearth_command* command, std::int32_t* exit_status) {
    if (command == nullptr || exit_status == nullptr || command->struct_size < sizeof *command)
        return HEARTH_E_INVALID_ARGUMENT;
    return guarded([&]() -> hearth_status {
        const auto status = run_helper(OperationContext::of(op), *command);
        if (!status) return report(op, status.error());
        *exit_status = *status;
        return HEARTH_OK;
    });
}

}  // namespace

const hearth_host_run kRunTable = {sizeof(hearth_host_run), 0, run};

}  // namespace hearth::plugin
