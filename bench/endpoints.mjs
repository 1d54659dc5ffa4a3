/**
 * What the application is asked for, what it spends its time on there, and how many times longer a measurement takes, where a
 * blocked server would otherwise answer nothing before it ends.
 */

const json = { 'content-type': 'application/json' };

export const ENDPOINTS = [
  { name: 'status (sleeps 20 ms)', kind: 'wait', path: '/api/status' },
  { name: 'links (child of 200 ms)', kind: 'wait', path: '/links/index.md' },
  { name: 'page (files)', kind: 'file', path: '/pages/guide/first-steps.md' },
  { name: 'cached page', kind: 'cached', path: '/cached/guide/alarms.md' },
  { name: 'tree (directory walk)', kind: 'file', path: '/api/tree' },
  { name: 'search (all files)', kind: 'file', path: '/search?q=temperature' },
  { name: 'related (gunzip, files)', kind: 'file', path: '/related/guide/alarms.md' },
  { name: 'history (git)', kind: 'child', path: '/history/guide/install.md', patience: 3 },
  {
    name: 'login (scrypt)',
    kind: 'cpu',
    path: '/api/login',
    method: 'POST',
    headers: json,
    body: '{"name":"ada","password":"secret"}',
    patience: 6,
  },
  { name: 'export (gzip)', kind: 'cpu', path: '/api/export' },
].map((endpoint) => ({ patience: 1, ...endpoint }));
