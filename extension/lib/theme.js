/**
 * Colours before the first paint: a plain script in the head of each page, before its style sheets,
 * since modules run too late for that. styles/base.css knows `data-theme`; without it the system's
 * setting counts. lib/look.js keeps what stands here.
 */
{
  let theme = null;
  try {
    theme = localStorage.getItem('theme');
  } catch {
    // Storage is closed to this page: it looks as the system does.
  }
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
}
