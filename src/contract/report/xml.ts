/**
 * Texts in XML 1.0, which forbids control characters and halves of surrogate pairs even when they are
 * escaped.
 *
 * @module
 */

/** A text as the content of an element. */
export function content(text: string): string {
  return allowed(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A text as the value of an attribute in double quotes. */
export function attribute(text: string): string {
  return content(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;')
}

/** Puts U+FFFD in the place of what no XML file may hold. */
function allowed(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
}
