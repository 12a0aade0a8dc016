// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/sdk/op.hpp>

#include <exception>
#include <new>

namespace hearth::sdk::detail {

/// Runs the body of a function of the table. Nothing that is thrown may reach the host.
template <typename Body>
hearth_status guard(hearth_op* handle, Body&& body) noexcept {
    const Op op(handle);
    try {
        const Result<void> result = body(op);
        return result ? HEARTH_OK : op.fail(result.error());
    } catch (const Error& error) {
        return host().core->fail(handle, error.code(), error.sys_errno(), error.what());
    } catch (const std::bad_alloc&) {
        return host().core->fail(handle, HEARTH_E_NO_MEMORY, 0, "out of memory");
    } catch (const std::exception& error) {
        return host().core->fail(handle, HEARTH_E_INTERNAL, 0, error.what());
    } catch (...) {
        return host().core->fail(handle, HEARTH_E_INTERNAL, 0, "an exception of an unknown type");
    }
}

}  // namespace hearth::sdk::detail
