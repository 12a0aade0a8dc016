// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vector>

#include "hosts/homectl/program.hpp"

int main(int argc, char** argv) {
    return hearth::homectl::run_program(std::vector<char*>(argv, argv + argc));
}
