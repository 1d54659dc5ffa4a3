/**
 * What the application is asked for, what it spends its time on there, and how many times longer a measurement takes, where a
 * blocked server would otherwise answer nothing before it ends.
 *
 * An endpoint is a request, or has several `requests` that each connection makes in turn:
 *
 * - `path`, `method`, `headers`, `body`; `session` where a user has to be logged in
 * - `vary(context)` makes what differs from time to time: `path`, `body` and `headers`. `context` is an object that the requests of one turn share
 * - `answered(body, context)` is told of an answer
 *
 * `tidy(server)` removes what earlier measurements have left, which would make later ones longer. `mostConnections` says that more are refused.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const json = { 'content-type': 'application/json' };

/** Notes that the application is filled with, numbered from 1. */
export const NOTES = 200;
/** Writers of one page wait for each other in the database, the more of them the faster they come there. */
const PAGES = ['alarms', 'backups', 'first-steps', 'install', 'schedules'].map((name) => `guide/${name}.md`);

const SUBJECTS = ['boiling water', 'the lid', 'an alarm at night', 'descaling', 'a schedule', 'the temperature'];

/** No note is written twice. */
export const noteText = (number) => `Note ${number} is about ${SUBJECTS[number % SUBJECTS.length]} of the kettle.`;

let edits = NOTES;

let registered = 0;

export const ENDPOINTS = [
  { name: 'status (sleeps 20 ms)', kind: 'wait', path: '/api/status' },
  { name: 'links (child of 200 ms)', kind: 'wait', path: '/links/index.md', patience: 4 },
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

/** Bytes that are uploaded. */
const CONTENT = 'The kettle whistles. '.repeat(200);

/** A page of its own for each turn of a connection: editors of one page wait for each other. */
let pagesWritten = 0;

let filesWritten = 0;

/** Names of files that are written again and again, and no two at once. */
const someFile = () => `bench-${++filesWritten % 512}.txt`;

/** Pages that can be removed in a measurement. */
const REMOVABLE = 20_000;

let pagesRemoved = 0;

const benchPages = ({ dataDir }) => join(dataDir, 'content/bench');

function forgetPages(server) {
  rmSync(benchPages(server), { recursive: true, force: true });
  const revisions = join(server.dataDir, 'revisions');
  for (const name of readdirSync(revisions)) {
    if (name.startsWith('bench--')) rmSync(join(revisions, name), { recursive: true });
  }
}

function makePages(server) {
  pagesRemoved = 0;
  mkdirSync(benchPages(server), { recursive: true });
  for (let i = 1; i <= REMOVABLE; i++) writeFileSync(join(benchPages(server), `removed-${i}.md`), CONTENT);
}

/** Removes all users but the one of the session, who is the first. */
function forgetUsers({ dataDir }) {
  const file = join(dataDir, 'users.json');
  writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8')).slice(0, 1)));
}

/** Ends all sessions but the one by which the application is asked. */
function forgetSessions({ dataDir, sessionFile }) {
  const directory = join(dataDir, 'sessions');
  for (const name of readdirSync(directory)) if (name !== sessionFile) rmSync(join(directory, name));
}

/** What else it answers, which only the bench asks for. */
export const OTHER_ENDPOINTS = [
  { name: 'home (directory walk)', path: '/' },
  { name: 'suggest (index)', path: '/suggest?q=te' },
  { name: 'feed (all files)', path: '/feed.xml', patience: 4 },
  { name: 'sitemap (directory walk)', path: '/sitemap.xml' },
  { name: 'attachments (directory)', path: '/files' },
  { name: 'audit (end of a file)', path: '/admin/audit', session: true },
  { name: 'maintenance (walks, files)', path: '/admin/report', session: true },
  { name: 'broken links (all files)', path: '/admin/broken-links', session: true },
  { name: 'sessions (all files)', path: '/admin/sessions', session: true, tidy: forgetSessions },
  { name: 'attachment (file)', path: '/files/manual.txt' },
  { name: 'revisions (files)', path: '/revisions/guide/alarms.md' },
  { name: 'difference (files, diff)', path: '/revisions/guide/alarms.md?from=1&to=2', patience: 3 },
  { name: 'upload (file)', method: 'PUT', body: CONTENT, vary: () => ({ path: `/api/upload/${someFile()}` }) },
  {
    name: 'save attachment (file)',
    method: 'PUT',
    body: CONTENT,
    session: true,
    vary: () => ({ path: `/files/${someFile()}` }),
  },
  {
    name: 'save, revert page (files)',
    tidy: forgetPages,
    requests: [
      {
        method: 'PUT',
        headers: json,
        session: true,
        vary(context) {
          context.page = `bench/page-${++pagesWritten}.md`;
          return { path: `/pages/${context.page}`, body: JSON.stringify({ text: CONTENT }) };
        },
      },
      {
        method: 'POST',
        headers: json,
        session: true,
        body: '{"revision":1}',
        vary: ({ page }) => ({ path: `/revert/${page}` }),
      },
    ],
  },
  {
    name: 'remove page (file)',
    method: 'DELETE',
    session: true,
    tidy(server) {
      forgetPages(server);
      makePages(server);
    },
    vary: () => ({ path: `/pages/bench/removed-${++pagesRemoved}.md` }),
  },
  {
    name: 'register, login, logout',
    kind: 'cpu',
    patience: 3,
    mostConnections: 1,
    tidy(server) {
      forgetUsers(server);
      forgetSessions(server);
    },
    requests: [
      {
        path: '/api/register',
        method: 'POST',
        headers: json,
        vary(context) {
          context.user = JSON.stringify({ name: `user${++registered}`, password: 'secret' });
          return { body: context.user };
        },
      },
      {
        path: '/api/login',
        method: 'POST',
        headers: json,
        vary: ({ user }) => ({ body: user }),
        answered(_body, context, headers) {
          context.cookie = String(headers['set-cookie']).split(';', 1)[0];
        },
      },
      { path: '/api/logout', method: 'POST', vary: ({ cookie }) => ({ headers: { cookie } }) },
    ],
  },
  // Refuses to publish while it publishes, as it refuses to register after a while where others do.
  {
    name: 'publish (files, gzip)',
    path: '/admin/publish',
    method: 'POST',
    session: true,
    patience: 3,
    mostConnections: 1,
  },
].map((endpoint) => ({ kind: 'file', patience: 1, ...endpoint }));

/** Where the application has a database: what the demo asks for. */
export const DATABASE_ENDPOINTS = [
  { name: 'notes (Postgres, search)', path: '/notes/search?q=alarm+kettle' },
  // More connections than the pool has wait for each other. Edits would make what it counts more, and more for some forms than for others.
  { name: 'report (Postgres, 50 ms)', path: '/notes/report', patience: 4 },
  {
    name: 'edit (Postgres, 5 queries)',
    isLast: true,
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

/** What only the bench asks for. */
export const OTHER_DATABASE_ENDPOINTS = [
  { name: 'notes of a page (Postgres)', path: '/notes?page=guide/alarms.md' },
  {
    name: 'note (Postgres)',
    vary: () => ({ path: `/notes/${1 + Math.floor(Math.random() * NOTES)}` }),
  },
  {
    name: 'add, remove note (Postgres)',
    requests: [
      {
        path: '/notes',
        method: 'POST',
        headers: json,
        session: true,
        vary: () => ({ body: JSON.stringify({ page: PAGES[edits % PAGES.length], body: noteText(++edits) }) }),
        answered(body, context) {
          context.note = JSON.parse(body).id;
        },
      },
      { method: 'DELETE', session: true, vary: ({ note }) => ({ path: `/notes/${note}` }) },
    ],
  },
  {
    name: 'move notes (Postgres)',
    requests: [
      { from: 'reference/errors.md', to: 'reference/events.md' },
      { from: 'reference/events.md', to: 'reference/errors.md' },
    ].map((body) => ({
      path: '/notes/move',
      method: 'POST',
      headers: json,
      session: true,
      body: JSON.stringify(body),
    })),
  },
].map((endpoint) => ({ kind: 'database', patience: 1, ...endpoint }));
