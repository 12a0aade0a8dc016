# SPDX-License-Identifier: MIT
# hearth_add_plugin(NAME SOURCES file... MANIFEST plugin.json [LIBRARIES library...] [BUILTIN])
#
# Builds the plugin NAME.so: a module that carries its manifest as an ELF note and exports its entry function only.
# Sources are C11 or C++20; LIBRARIES are those of the plugin alone. They can include
#   <hearth/plugin.h> or <hearth/sdk/sdk.hpp>   the ABI, or the C++ SDK
#   <hearth_manifest.h>                         HEARTH_PLUGIN_ID, HEARTH_PLUGIN_VERSION, HEARTH_PLUGIN_STORAGE,
#                                               HEARTH_PLUGIN_AUTH and HEARTH_PLUGIN_AUTH_ARRAY out of the manifest, so
#                                               that code and note cannot disagree
# Installs to the folder of third-party plugins; BUILTIN is for Hearth's own.
# Set HEARTH_SANITIZE to the names of sanitizers that the host is built with too, and HEARTH_SHARED_RUNTIME to link
# libstdc++.so instead of what a C++ plugin needs of it.

# `out` is the manifest without spaces between its parts, checked as far as CMake can.
function(hearth_read_manifest file out)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "The manifest ${file} does not exist.")
  endif()
  file(READ ${file} json)
  string(JSON id ERROR_VARIABLE wrong GET "${json}" id)
  if(wrong)
    message(FATAL_ERROR "${file} is not a valid manifest: ${wrong}")
  endif()
  # A semicolon can only be inside a text, and would end an element of the list below.
  string(REPLACE ";" "\\u003b" json "${json}")
  string(REGEX MATCHALL "\"([^\"\\]|\\\\.)*\"|[^\" \t\r\n]+" parts "${json}")
  string(REPLACE ";" "" json "${parts}")
  string(LENGTH "${json}" length)
  if(length GREATER 16383)
    message(FATAL_ERROR "The manifest ${file} is larger than 16 KiB.")
  endif()
  set(${out} "${json}" PARENT_SCOPE)
endfunction()

# Writes the note as C into the folder and sets `out` to the file.
function(hearth_write_note json folder out)
  file(WRITE ${folder}/manifest.json "${json}")
  file(READ ${folder}/manifest.json bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
         "\\1\n    " bytes "${bytes}")
  file(SIZE ${folder}/manifest.json size)
  math(EXPR HEARTH_NOTE_SIZE "${size} + 1")
  set(HEARTH_NOTE_BYTES "${bytes}")
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hearth_note.c.in ${folder}/hearth_note.c @ONLY)
  set(${out} ${folder}/hearth_note.c PARENT_SCOPE)
endfunction()

# Writes hearth_manifest.h into the folder.
function(hearth_write_manifest_header json folder)
  string(JSON HEARTH_PLUGIN_ID GET "${json}" id)
  string(JSON HEARTH_PLUGIN_VERSION GET "${json}" version)
  string(JSON storage ERROR_VARIABLE none GET "${json}" storage 0 name)
  string(JSON auth ERROR_VARIABLE none GET "${json}" auth 0 name)
  string(JSON auth_array ERROR_VARIABLE none GET "${json}" auth 0 recordArray)
  set(HEARTH_PROVIDERS "")
  foreach(pair "STORAGE|${storage}" "AUTH|${auth}" "AUTH_ARRAY|${auth_array}")
    if(NOT pair MATCHES "NOTFOUND")
      string(REPLACE "|" " \"" pair "${pair}")
      string(APPEND HEARTH_PROVIDERS "#define HEARTH_PLUGIN_${pair}\"\n")
    endif()
  endforeach()
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hearth_manifest.h.in ${folder}/hearth_manifest.h @ONLY)
endfunction()

# Flags that a plugin needs, wherever it is built.
function(hearth_plugin_flags name)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so OUTPUT_NAME ${name}
    C_STANDARD 11 C_STANDARD_REQUIRED ON CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    SKIP_BUILD_RPATH ON INSTALL_RPATH "" INSTALL_RPATH_USE_LINK_PATH OFF
    LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hearth-plugin.map)
  target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
  target_compile_options(${name} PRIVATE -fstack-protector-strong
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hearth-plugin.map -Wl,--exclude-libs,ALL
    -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
  # A C++ plugin carries its runtime: it then runs for years whatever libstdc++ is there, and is loaded 0.7 ms sooner.
  # Sanitizers need the shared one, and symbols of the host.
  if(NOT HEARTH_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,-z,defs -Wl,--gc-sections)
  endif()
  if(NOT HEARTH_SANITIZE AND NOT HEARTH_SHARED_RUNTIME)
    target_link_options(${name} PRIVATE -static-libgcc $<$<LINK_LANGUAGE:CXX>:-static-libstdc++>)
  endif()
endfunction()

# Builds the plugin as hearth_add_plugin() does, and installs it nowhere.
function(hearth_build_plugin name manifest)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  get_filename_component(manifest ${manifest} ABSOLUTE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}.plugin)
  hearth_read_manifest(${manifest} json)
  hearth_write_note("${json}" ${generated} note)
  hearth_write_manifest_header("${json}" ${generated})

  add_library(${name} MODULE ${ARG_SOURCES} ${note})
  hearth_plugin_flags(${name})
  target_include_directories(${name} PRIVATE ${generated})
  target_link_libraries(${name} PRIVATE HearthPlugin::api ${ARG_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY HEARTH_PLUGIN_TARGETS ${name})
endfunction()

function(hearth_add_plugin name)
  cmake_parse_arguments(ARG "BUILTIN" "MANIFEST" "SOURCES;LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES OR NOT ARG_MANIFEST)
    message(FATAL_ERROR "hearth_add_plugin(${name}) needs SOURCES and MANIFEST, and takes LIBRARIES and BUILTIN.")
  endif()
  hearth_build_plugin(${name} ${ARG_MANIFEST} SOURCES ${ARG_SOURCES} LIBRARIES ${ARG_LIBRARIES})
  set(folder plugins-0)
  if(ARG_BUILTIN)
    set(folder builtin-0)
  endif()
  install(TARGETS ${name} LIBRARY DESTINATION ${HearthPlugin_LIBDIR}/hearth/${folder})
endfunction()
