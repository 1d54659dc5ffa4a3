/**
 * Links every twin and root adapter of the platform, once per process. Each area has an `install` function of its own, which links
 * functions and changes nothing else, but for a listener to the exit, the `emit` of the process, and the length of stacks.
 */
import { installBuiltins } from './builtins/install.js';
import { installChildProcess } from './node/child-process/install.js';
import { installCrypto } from './node/crypto/install.js';
import { installFs } from './node/fs/install.js';
import { installRejections } from './node/rejections.js';
import { installRoots } from './node/roots/install.js';
import { installZlib } from './node/zlib/install.js';
import { installExit } from './twin/loading.js';

installBuiltins();
installChildProcess();
installCrypto();
installFs();
installRoots();
installRejections();
installZlib();
installExit();

// Between two functions of the program that have asynchronous forms, a stack has a frame of the runtime, so that Node's ten frames would show five of
// them. Twenty made a request in which an error is thrown and caught a tenth slower: each frame of each error costs a microsecond.
if (Error.stackTraceLimit === 10) Reflect.set(Error, 'stackTraceLimit', 15);
