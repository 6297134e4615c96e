/**
 * Whether Go's x509 takes a text as a domain name: labels of visible ASCII without empty ones, no dot at the end; the
 * empty text too. A constraint may start with a dot (RFC 5280, 4.2.1.10).
 */
export function isDomainName(text: string, isConstraint: boolean): boolean {
  if (text === '') return true;
  if (text.endsWith('.')) return false;
  const labels = isConstraint && text.startsWith('.') ? text.slice(1) : text;
  return labels.split('.').every(isLabel);
}

function isLabel(label: string): boolean {
  return /^[!-~]+$/.test(label);
}

const ATOM_CHARACTER = /[0-9A-Za-z!#$%&'*+\-/=?^_`{|}~.]/;

/** Whether Go's x509 takes an ASCII text as a mailbox (RFC 2821, 4.1.2, with Go's allowances). */
export function isMailbox(text: string): boolean {
  const at = text.startsWith('"') ? quotedEnd(text) : atomEnd(text);
  return at !== undefined && text[at] === '@' && isMailDomain(text.slice(at + 1));
}

function isMailDomain(domain: string): boolean {
  return domain === '' || domain.split('.').every(isLabel);
}

/** The offset after a quoted local part. */
function quotedEnd(text: string): number | undefined {
  for (let i = 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"') return i + 1;
    if (char === '\\') {
      i++;
      if (!isQuotable(text.charCodeAt(i))) return undefined;
    } else if (!isQuotedText(text.charCodeAt(i))) {
      return undefined;
    }
  }
  return undefined;
}

function isQuotable(code: number): boolean {
  return code >= 1 && code <= 127 && code !== 10 && code !== 13;
}

function isQuotedText(code: number): boolean {
  return isQuotable(code) && code !== 9 && code !== 34 && code !== 92;
}

/** The offset after an unquoted local part. */
function atomEnd(text: string): number | undefined {
  let local = '';
  let i = 0;
  for (; i < text.length; i++) {
    if (text[i] === '\\') {
      i++;
      if (i === text.length) return undefined;
    } else if (!ATOM_CHARACTER.test(text.charAt(i))) {
      break;
    }
    local += text.charAt(i);
  }
  const dotsAreInside = local !== '' && !local.startsWith('.') && !local.endsWith('.') && !local.includes('..');
  return dotsAreInside ? i : undefined;
}
