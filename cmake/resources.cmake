# Icons, samples and translations, compiled into the programs.
#   patchboard_resources     everything resources/resources.qrc names; linked by ui
#   patchboard_translations  :/i18n/patchboard_<language>.qm; linked by model, so by every program
# Both are object files: a resource in a static library would be dropped by the linker.

function(patchboard_embed name)
    add_library(${name}_objects OBJECT ${ARGN})
    set_target_properties(${name}_objects PROPERTIES AUTOMOC OFF UNITY_BUILD OFF)
    target_link_libraries(${name}_objects PRIVATE Qt6::Core)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE $<TARGET_OBJECTS:${name}_objects>)
    add_dependencies(${name} ${name}_objects)
endfunction()

file(GLOB ts_files CONFIGURE_DEPENDS translations/patchboard_*.ts)
set(qrc "<RCC><qresource prefix=\"/i18n\">\n")
foreach(ts ${ts_files})
    cmake_path(GET ts STEM language)
    set(qm ${CMAKE_CURRENT_BINARY_DIR}/translations/${language}.qm)
    add_custom_command(OUTPUT ${qm} DEPENDS ${ts}
        COMMAND Qt6::lrelease -silent ${ts} -qm ${qm} COMMENT "Compiling ${language}.ts" VERBATIM)
    list(APPEND qm_files ${qm})
    string(APPEND qrc "<file alias=\"${language}.qm\">${qm}</file>\n")
endforeach()
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/translations)
file(CONFIGURE OUTPUT translations/translations.qrc CONTENT "${qrc}</qresource></RCC>\n")
add_custom_command(OUTPUT translations/qrc_translations.cpp
    DEPENDS ${qm_files} ${CMAKE_CURRENT_BINARY_DIR}/translations/translations.qrc
    COMMAND Qt6::rcc --name patchboard_translations -o translations/qrc_translations.cpp
        translations/translations.qrc
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} VERBATIM)
patchboard_embed(patchboard_translations
    ${CMAKE_CURRENT_BINARY_DIR}/translations/qrc_translations.cpp)

if(PATCHBOARD_DESKTOP)
    qt_add_resources(resource_sources resources/resources.qrc OPTIONS --name patchboard_resources)
    patchboard_embed(patchboard_resources ${resource_sources})

    # The application icon in the sizes that desktops without SVG ask for.
    add_executable(render_icon resources/rendericon.cpp)
    set_target_properties(render_icon PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/icons)
    target_link_libraries(render_icon PRIVATE patchboard_options Qt6::Gui Qt6::Svg)
    set(icon ${CMAKE_CURRENT_SOURCE_DIR}/resources/icons/patchboard.svg)
    foreach(size 16 32 48 64 128 256)
        set(png ${CMAKE_CURRENT_BINARY_DIR}/icons/patchboard-${size}.png)
        list(APPEND icon_files ${png})
        list(APPEND icon_jobs ${size} ${png})
    endforeach()
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/icons)
    add_custom_command(OUTPUT ${icon_files} DEPENDS render_icon ${icon}
        COMMAND ${CMAKE_COMMAND} -E env QT_QPA_PLATFORM=minimal
            QT_LOGGING_RULES=*.warning=false ASAN_OPTIONS=detect_leaks=0
            $<TARGET_FILE:render_icon> ${icon} ${icon_jobs}
        COMMENT "Rendering the application icon" VERBATIM)
    add_custom_target(application_icons ALL DEPENDS ${icon_files})
endif()
