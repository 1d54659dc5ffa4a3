/** Names of routing methods. */
import http from 'node:http';

/** The HTTP methods that the running Node parses, in lower case, and `all`. */
export const METHODS: readonly string[] = [...http.METHODS.map((method) => method.toLowerCase()), 'all'];
