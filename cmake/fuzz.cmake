# SPDX-License-Identifier: LGPL-2.1-or-later
# hearth_fuzz_target(NAME SOURCES file... [LINKS library...] [CORPUS folder])
#
# SOURCES define LLVMFuzzerTestOneInput. In every build this makes the test fuzz-NAME: the function over the corpus and
# mutations of it, for a few seconds. With HEARTH_FUZZ (clang) it also makes the libFuzzer program libfuzzer-NAME.
function(hearth_fuzz_target name)
  cmake_parse_arguments(ARG "" "CORPUS" "SOURCES;LINKS" ${ARGN})
  set(corpus)
  if(ARG_CORPUS)
    get_filename_component(corpus ${ARG_CORPUS} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  add_executable(fuzz-${name} ${ARG_SOURCES} ${CMAKE_SOURCE_DIR}/tests/fuzz/standalone_main.cpp)
  target_link_libraries(fuzz-${name} PRIVATE ${ARG_LINKS})
  add_test(NAME fuzz-${name} COMMAND fuzz-${name} ${corpus})
  set_tests_properties(fuzz-${name} PROPERTIES TIMEOUT 60)
  if(HEARTH_FUZZ)
    add_executable(libfuzzer-${name} ${ARG_SOURCES})
    target_link_libraries(libfuzzer-${name} PRIVATE ${ARG_LINKS})
    target_link_options(libfuzzer-${name} PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()

if(HEARTH_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "HEARTH_FUZZ needs clang")
  endif()
  # Coverage feedback for the libraries as well, not only for the entry functions.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
