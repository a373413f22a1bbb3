# What `cmake --install` puts where. Translations and icons of the interface are in the programs.
set(PATCHBOARD_ID org.patchboard.Patchboard)
set(PATCHBOARD_UNIT_DIR lib/systemd/system CACHE STRING "Where the systemd unit goes")

if(TARGET patchboard-server)
    install(TARGETS patchboard-server RUNTIME)
    configure_file(resources/patchboard-server.service.in patchboard-server.service @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/patchboard-server.service
        DESTINATION ${PATCHBOARD_UNIT_DIR})
    install(FILES resources/patchboard-server.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

if(TARGET patchboard)
    install(TARGETS patchboard RUNTIME)
    install(FILES resources/patchboard.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES resources/${PATCHBOARD_ID}.desktop
        DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES resources/${PATCHBOARD_ID}.metainfo.xml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    install(FILES resources/${PATCHBOARD_ID}.mime.xml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages RENAME ${PATCHBOARD_ID}.xml)
    set(icons ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
    install(FILES resources/icons/patchboard.svg
        DESTINATION ${icons}/scalable/apps RENAME ${PATCHBOARD_ID}.svg)
    foreach(size 16 32 48 64 128 256)
        install(FILES ${CMAKE_CURRENT_BINARY_DIR}/icons/patchboard-${size}.png
            DESTINATION ${icons}/${size}x${size}/apps RENAME ${PATCHBOARD_ID}.png)
    endforeach()
endif()
