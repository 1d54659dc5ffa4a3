/**
 * Runs `main()` of a module and steps through it from the first `debugger` statement on, until `main` is done: `node stepping.cjs MODULE STEP`, with
 * the kind of step that a debugger's protocol has, `stepInto` or `stepOver`. Prints the places where it stopped, with the functions on the
 * stack. What is not the program's is passed over, as debuggers do with files that they are told to skip.
 */
const { once } = require('node:events');
const { dirname, sep } = require('node:path');
const { pathToFileURL } = require('node:url');
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');

if (isMainThread) run(process.argv[2], process.argv[3]);
else step(workerData);

async function run(file, kind) {
  const directory = `${pathToFileURL(dirname(file))}/`.replaceAll(sep, '/');
  const debuggerThread = new Worker(__filename, { workerData: { directory, kind } });
  await once(debuggerThread, 'message');
  const { main } = await import(pathToFileURL(file));
  await main();
  debuggerThread.postMessage('done');
  const [stops] = await once(debuggerThread, 'message');
  console.log(JSON.stringify(stops));
  await debuggerThread.terminate();
}

function step({ directory, kind }) {
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map();
  const stops = [];
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => urls.set(scriptId, url));
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    const own = callFrames.filter(({ location }) => urls.get(location.scriptId)?.startsWith(directory));
    if (callFrames[0] === own[0]) {
      const { lineNumber, columnNumber } = own[0].location;
      stops.push({ line: lineNumber, column: columnNumber, stack: own.map(({ functionName }) => functionName) });
    }
    // V8 does not pass over modules of Node, and one cannot step out of what the event loop has called.
    const isOutside = callFrames[0] !== own[0];
    session.post(isDone || own.length === 0 ? 'Debugger.resume' : isOutside ? 'Debugger.stepOut' : `Debugger.${kind}`);
  });
  let isDone = false;
  session.post('Debugger.enable');
  // Node's modules, packages, and this file.
  const patterns = ['^node:', '/node_modules/', '/runtime/dist/', 'stepping\\.cjs$'];
  session.post('Debugger.setBlackboxPatterns', { patterns }, (error) => {
    if (error) throw error;
    parentPort.postMessage('ready');
  });
  parentPort.on('message', () => {
    isDone = true;
    session.post('Debugger.disable', () => parentPort.postMessage(stops));
  });
}
