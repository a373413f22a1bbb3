// Measures Cytoscape.js in Debian's Chromium on a board, and prints the figures as JSON:
//
//   node cytoscape.mjs BOARD.json CYTOSCAPE.min.js
//
// BOARD.json is {"devices": [[id, name, x, y], ...], "links": [[a, b], ...], "middle": id}.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [board, library] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'patchboard-peers-'));
const files = {
    '/': ['text/html', new URL('cytoscape.html', import.meta.url)],
    '/cytoscape.min.js': ['text/javascript', library],
    '/board.json': ['application/json', board],
};
let browser;

function end(status) {
    browser?.kill('SIGKILL');
    server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    process.exit(status);
}

const server = createServer((request, response) => {
    if (request.method === 'POST') {
        let body = '';
        request.on('data', part => { body += part; });
        request.on('end', () => {
            response.end();
            console.log(body);
            end(JSON.parse(body).error ? 1 : 0);
        });
        return;
    }
    const file = files[request.url];
    response.writeHead(file ? 200 : 404, { 'Content-Type': file ? file[0] : 'text/plain' });
    response.end(file ? readFileSync(file[1]) : '');
});
server.listen(0, '127.0.0.1', () => {
    browser = spawn('chromium', [
        '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync',
        '--disable-background-networking', '--disable-component-update', '--disable-quic',
        '--disable-frame-rate-limit', '--disable-gpu-vsync', '--window-size=1920,1080',
        `--user-data-dir=${folder}`, `http://127.0.0.1:${server.address().port}/`,
    ], { stdio: 'ignore' });
    browser.on('error', error => {
        console.error(error.message);
        end(1);
    });
});
setTimeout(() => {
    console.error('the browser gave no figures');
    end(1);
}, 240000);
