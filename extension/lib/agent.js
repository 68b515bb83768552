/**
 * How this browser presents itself, for the host to fetch as the same reader.
 *
 * @returns {{ user_agent: string, language: string }}
 */
export function agent() {
  return { user_agent: navigator.userAgent, language: acceptLanguage(navigator.languages) };
}

/**
 * The Accept-Language of a list of languages, most wanted first (RFC 9110 §12.5.4).
 *
 * @param {readonly string[]} languages
 * @returns {string}
 */
export function acceptLanguage(languages) {
  return languages
    .slice(0, 10)
    .map((language, i) => (i === 0 ? language : `${language};q=${(1 - i / 10).toFixed(1)}`))
    .join(',');
}
