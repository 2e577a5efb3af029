// What a call gives that may fail for a reason that is expected: result<T> holds the value or a
// failure.
//
// Three tiers, everywhere in the node: result<T> for what input, a peer or a limit can cause; an
// exception for a broken environment or a bug; one catch at the edge of a task or session, which
// logs and ends only that one.
#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace ecert {

// The kind decides what the caller does; the text says to a person what was wrong, where, and what
// to do.
enum class failure_kind {
    invalid,      // the input is wrong and stays wrong
    not_found,    // there is no such thing for this caller
    forbidden,    // the caller may not
    conflict,     // it contradicts what is already there
    too_large,    // over a limit that the text names
    unavailable,  // later, by itself: overload, disk reserve, peer away
    deadline,     // did not end in its time
    untrusted,    // a signature, certificate or token does not hold
    internal      // our own fault
};

struct failure {
    failure_kind kind = failure_kind::internal;
    std::string text;
};

[[noreturn]] inline void throw_exception_from_error(const failure& f,
                                                    const boost::source_location&) {
    throw std::runtime_error(f.text);
}

template <class T>
using result = boost::system::result<T, failure>;

}  // namespace ecert
