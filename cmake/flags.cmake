# SPDX-License-Identifier: LGPL-2.1-or-later
# Compiler and linker flags that every target of the tree shares. A plugin built outside gets its own from
# hearth_add_plugin(), so nothing here may be needed for a plugin to load.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(HEARTH_CCACHE ccache)
if(HEARTH_CCACHE)
  # Paths relative to the checkout, so that a second clone finds what the first has compiled.
  set(HEARTH_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${HEARTH_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${HEARTH_LAUNCHER})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HEARTH_LAUNCHER})
endif()

add_compile_definitions(_GNU_SOURCE)
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -fstack-protector-strong
                    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
                    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>)
# gcc 12 sees overlaps in std::string's own code that are not there.
add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>)
# --as-needed: a host starts faster without the libraries that it only might have used.
add_link_options(-Wl,-z,relro,-z,now -Wl,--as-needed)
# For the programs that people wait for: finding, mapping and relocating libstdc++.so takes 0.7 ms of every start, its parts
# inside the program 0.05. Sanitizers need the shared one.
function(hearth_own_runtime target)
  if(NOT HEARTH_SANITIZE)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,--gc-sections)
  endif()
endfunction()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(HEARTH_SANITIZE)
  # -g1: reports name functions and lines; the rest makes a build a sixth longer.
  add_compile_options(-fsanitize=${HEARTH_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${HEARTH_SANITIZE})
else()
  add_link_options(-Wl,-z,defs)
endif()
