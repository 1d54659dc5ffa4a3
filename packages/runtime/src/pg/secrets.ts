/** Keeps passwords out of errors: a parser that does not understand a connection string tells which part of it. */

const HIDDEN = '***';

/** Where passwords are in a URL, between the user and the host, and in options of a URL or of `name=value` pairs. */
const PLACES = [/:\/\/[^:@/?]*:([^@/?]*)@/g, /:\/\/[^:]*:(.*)@/g, /password\s*=\s*('(?:\\.|[^'\\])*'|[^\s&]+)/gi];

/**
 * `text` without the passwords that `parameters` have.
 *
 * @param parameters a connection URL, or what else connections are made with
 */
export function withoutSecrets(text: string, parameters: unknown): string {
  const given = typeof parameters === 'string' ? parameters : '';
  const secrets = PLACES.flatMap((place) => [...given.matchAll(place)].map(([, secret = '']) => secret));
  if (typeof parameters === 'object' && parameters !== null) {
    const { connectionString, password } = parameters as Readonly<Record<string, unknown>>;
    if (typeof password === 'string') secrets.push(password);
    if (typeof connectionString === 'string') return without(withoutSecrets(text, connectionString), secrets);
  }
  return without(text, secrets);
}

function without(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, secret.replace(/^'|'$/g, ''), decoded(secret)]);
  // What is not longer is part of other words.
  const longest = forms.filter(({ length }) => length > 2).sort((a, b) => b.length - a.length);
  return longest.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}

function decoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch {
    return secret;
  }
}
