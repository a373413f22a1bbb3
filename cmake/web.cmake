# The live page that a host shows at / (resources/web), compiled into whatever links
# patchboard_web: our own files as they are, and two libraries from npm, which are fetched once,
# checked against their hash, and taken in with their licences.
#   PATCHBOARD_NPM_DIR       where the archives are kept, and looked for before they are fetched
#   PATCHBOARD_NPM_REGISTRY  where they are fetched from
option(PATCHBOARD_WEB "Build the live page in (two archives from npm, 2 MB)" ON)
set(PATCHBOARD_NPM_DIR "${CMAKE_BINARY_DIR}/npm" CACHE PATH "Keeps archives from npm")
set(PATCHBOARD_NPM_REGISTRY "" CACHE STRING "A registry of npm; empty: the one npm is set to")

if(NOT PATCHBOARD_WEB)
    add_library(patchboard_web INTERFACE)
    return()
endif()

# The registry that npm would ask, without asking npm: it need not be here.
function(patchboard_npm_registry out)
    set(registry "${PATCHBOARD_NPM_REGISTRY}")
    foreach(name npm_config_registry NPM_CONFIG_REGISTRY)
        if(registry STREQUAL "" AND DEFINED ENV{${name}})
            set(registry "$ENV{${name}}")
        endif()
    endforeach()
    if(registry STREQUAL "" AND EXISTS "$ENV{HOME}/.npmrc")
        file(STRINGS "$ENV{HOME}/.npmrc" line REGEX "^registry *=" LIMIT_COUNT 1)
        string(REGEX REPLACE "^registry *= *" "" registry "${line}")
    endif()
    if(registry STREQUAL "")
        set(registry https://registry.npmjs.org)
    endif()
    string(REGEX REPLACE "/+$" "" registry "${registry}")
    set(${out} ${registry} PARENT_SCOPE)
endfunction()

# patchboard_npm(PACKAGE VERSION SHA512 FILES...): FILES of the archive, below build/web/NAME.
function(patchboard_npm package version sha512)
    string(REGEX REPLACE "^.*/" "" name ${package})
    set(archive ${PATCHBOARD_NPM_DIR}/${name}-${version}.tgz)
    set(have "")
    if(EXISTS ${archive})
        file(SHA512 ${archive} have)
    endif()
    if(NOT have STREQUAL sha512)
        patchboard_npm_registry(registry)
        set(url ${registry}/${package}/-/${name}-${version}.tgz)
        foreach(attempt 1 2 3)
            file(DOWNLOAD ${url} ${archive}.part STATUS status INACTIVITY_TIMEOUT 20 TIMEOUT 120)
            list(GET status 0 code)
            if(code EQUAL 0)
                break()
            endif()
        endforeach()
        if(NOT code EQUAL 0)
            list(GET status 1 text)
            file(REMOVE ${archive}.part)
            message(FATAL_ERROR "${url} cannot be fetched (${text}). The host's live page needs it: "
                "put it into ${PATCHBOARD_NPM_DIR} yourself, name another registry with "
                "-DPATCHBOARD_NPM_REGISTRY=, or build without the page: -DPATCHBOARD_WEB=OFF.")
        endif()
        file(SHA512 ${archive}.part have)
        if(NOT have STREQUAL sha512)
            file(REMOVE ${archive}.part)
            message(FATAL_ERROR "${url} is not what it was: its SHA-512 is ${have}")
        endif()
        file(RENAME ${archive}.part ${archive})
    endif()
    set(members ${ARGN})
    list(TRANSFORM members PREPEND package/)
    file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${CMAKE_BINARY_DIR}/web/${name}
        PATTERNS ${members})
    foreach(member ${members})
        if(NOT EXISTS ${CMAKE_BINARY_DIR}/web/${name}/${member})
            message(FATAL_ERROR "${archive} has no ${member}")
        endif()
    endforeach()
endfunction()

patchboard_npm(cytoscape 3.34.4
    9ac63df6d318f2259383eb083c67d2a8370f34eb78c5c8febff2bfeea505682531c65aa73245182c18d15339fd5b9094fd1da1ae6b496b9f94b68beb10cd9cb6
    dist/cytoscape.esm.min.mjs LICENSE)
patchboard_npm(socket.io-client 4.8.4
    ef08ca02f55760e26c6e65209166e784f0f86c5a64aab511d3ef973a3a46166a83aaca95d4223ddd54eb69e1312f1a63c44aab5a016849166ed628632d67e400
    dist/socket.io.esm.min.js LICENSE)
# Part of socket.io.esm.min.js, with a licence text of its own.
patchboard_npm(@socket.io/component-emitter 3.1.2
    f410b1170bdb1a0fd1b192bdb635ddf2ce147304743167854355c428841556f00627220d76ba8a31c4d1c8ba0af11b1ed468f32d5f5cc23595d6895745611754
    LICENSE)

set(web ${CMAKE_BINARY_DIR}/web)
set(licences "The live page of Patchboard's host contains these libraries.\n")
foreach(name cytoscape socket.io-client component-emitter)
    file(READ ${web}/${name}/package/LICENSE text)
    string(APPEND licences "\n---- ${name} ----\n\n${text}")
endforeach()
file(CONFIGURE OUTPUT ${web}/licences.txt CONTENT "${licences}" @ONLY)
install(FILES ${web}/licences.txt DESTINATION ${CMAKE_INSTALL_DOCDIR}
    RENAME third-party-licenses.txt)

# :/web/NAME is what a browser gets as /page/NAME.
set(qrc "<RCC><qresource prefix=\"/web\">\n")
set(web_files "")
macro(patchboard_page_file name file)
    string(APPEND qrc "<file alias=\"${name}\">${file}</file>\n")
    list(APPEND web_files ${file})
endmacro()
file(GLOB_RECURSE own_files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/resources/web
    resources/web/*)
foreach(file ${own_files})
    patchboard_page_file(${file} ${PROJECT_SOURCE_DIR}/resources/web/${file})
endforeach()
file(GLOB device_icons CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/resources/icons
    resources/icons/devices/*.svg resources/icons/interfaces/*.svg resources/icons/patchboard.svg)
foreach(file ${device_icons})
    patchboard_page_file(icons/${file} ${PROJECT_SOURCE_DIR}/resources/icons/${file})
endforeach()
patchboard_page_file(lib/cytoscape.js ${web}/cytoscape/package/dist/cytoscape.esm.min.mjs)
patchboard_page_file(lib/socket.io.js ${web}/socket.io-client/package/dist/socket.io.esm.min.js)
patchboard_page_file(licences.txt ${web}/licences.txt)
file(CONFIGURE OUTPUT ${web}/web.qrc CONTENT "${qrc}</qresource></RCC>\n" @ONLY)
add_custom_command(OUTPUT ${web}/qrc_web.cpp DEPENDS ${web_files} ${web}/web.qrc
    COMMAND Qt6::rcc --name patchboard_web -o ${web}/qrc_web.cpp ${web}/web.qrc VERBATIM)
patchboard_embed(patchboard_web ${web}/qrc_web.cpp)
