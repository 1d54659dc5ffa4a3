/**
 * What the application is asked for, what it spends its time on there, and how many times longer a measurement takes, where a
 * blocked server would otherwise answer nothing before it ends.
 */

const json = { 'content-type': 'application/json' };

/** Notes that the application is filled with, numbered from 1. */
export const NOTES = 200;

const SUBJECTS = ['boiling water', 'the lid', 'an alarm at night', 'descaling', 'a schedule', 'the temperature'];

/** No note is written twice. */
export const noteText = (number) => `Note ${number} is about ${SUBJECTS[number % SUBJECTS.length]} of the kettle.`;

let edits = NOTES;

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

/** What else it answers, which only the bench asks for. */
export const OTHER_ENDPOINTS = [
  { name: 'home (directory walk)', path: '/' },
  { name: 'suggest (index)', path: '/suggest?q=te' },
  { name: 'feed (all files)', path: '/feed.xml' },
  { name: 'sitemap (directory walk)', path: '/sitemap.xml' },
  { name: 'attachments (directory)', path: '/files' },
  { name: 'audit (end of a file)', path: '/admin/audit', session: true },
  { name: 'maintenance (walks, files)', path: '/admin/report', session: true },
  { name: 'broken links (all files)', path: '/admin/broken-links', session: true },
].map((endpoint) => ({ kind: 'file', patience: 1, ...endpoint }));

/** Where the application has a database. */
export const DATABASE_ENDPOINTS = [
  { name: 'notes (Postgres, search)', path: '/notes/search?q=alarm+kettle' },
  // More connections than the pool has wait for each other. Edits would make what it counts more, and more for some forms than for others.
  { name: 'report (Postgres, 50 ms)', path: '/notes/report', patience: 4 },
  {
    name: 'edit (Postgres, 5 queries)',
    path: '/notes/1',
    method: 'PUT',
    headers: json,
    session: true,
    vary: () => ({
      path: `/notes/${1 + Math.floor(Math.random() * NOTES)}`,
      body: JSON.stringify({ body: noteText(++edits) }),
    }),
  },
].map((endpoint) => ({ kind: 'database', patience: 1, ...endpoint }));
