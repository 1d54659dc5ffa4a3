/**
 * Links every twin and root adapter of the platform, once per process. Each area has an `install` function of its own, which links
 * functions and changes nothing else.
 */
import { installCrypto } from './node/crypto/install.js';
import { installZlib } from './node/zlib/install.js';

installCrypto();
installZlib();
