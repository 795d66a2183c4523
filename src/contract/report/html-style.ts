/**
 * How the HTML report looks and filters. The script is named by its hash in the page's policy, so no other
 * one can run there.
 *
 * @module
 */

/** The page's style; it follows the reader's choice of light or dark. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a4150); --soft: light-dark(#f4f6f9, #1b2029);
  --page: light-dark(#fff, #12151b); --ink: light-dark(#1b2130, #e4e8ef); --dim: light-dark(#586174, #9aa5b8);
  --good: light-dark(#136f3a, #5fd08a); --bad: light-dark(#b3261e, #ff8b81);
  --warn: light-dark(#8a5a00, #f0b64a);
  --mark: light-dark(#fff0ee, #3b1d1b); font: 1rem/1.5 system-ui, sans-serif }
* { box-sizing: border-box }
body { background: var(--page); color: var(--ink); margin: 0 auto; max-width: 76rem;
  padding: 1.5rem 1rem 4rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.25rem; margin: 2.5rem 0 .25rem }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem }
p { margin: .25rem 0 } .dim { color: var(--dim) } .good { color: var(--good) } .bad { color: var(--bad) }
.warn { color: var(--warn) }
code, pre { font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .375rem; margin: .5rem 0;
  overflow-x: auto; padding: .5rem .75rem }
pre .place { background: var(--mark); display: inline-block; min-width: 100% }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .8125rem }
th, td { border: 1px solid var(--line); padding: .2rem .45rem; text-align: center; white-space: nowrap }
th { background: var(--soft); font-weight: 600 } thead th { white-space: normal }
tbody th { text-align: left; position: sticky; left: 0 }
td.failed { background: var(--mark); color: var(--bad); font-weight: 700 } td.passed { color: var(--good) }
td.skipped, td.none { color: var(--dim) }
.filter { background: var(--page); border-bottom: 1px solid var(--line); display: flex;
  flex-wrap: wrap; gap: .75rem; align-items: center; margin-top: 1.5rem; padding: .75rem 0;
  position: sticky; top: 0; z-index: 1 }
input { background: var(--page); border: 1px solid var(--dim); border-radius: .375rem; color: inherit;
  flex: 1 1 16rem; font: inherit; max-width: 40rem; padding: .35rem .6rem }
:focus-visible { outline: 3px solid light-dark(#1a5fd0, #7db2ff); outline-offset: 2px }
details { border: 1px solid var(--line); border-radius: .375rem; margin: .5rem 0; padding: .5rem .75rem }
summary { cursor: pointer; overflow-wrap: anywhere } details > * + * { margin-top: .5rem }
.frames { display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)) }
.frames > div { min-width: 0 } .message { overflow-wrap: anywhere; white-space: pre-wrap }
[hidden] { display: none } @media print { .filter { display: none } }
`

/** The page's script: the filter. Without it everything shows. */
export const SCRIPT = `
const box = document.getElementById('filter'), told = document.getElementById('told')
const all = [...document.querySelectorAll('details.finding')]
const texts = all.map((each) => each.textContent.toLowerCase())
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let shown = 0
  all.forEach((each, at) => {
    each.hidden = !words.every((word) => texts[at].includes(word))
    if (!each.hidden) shown += 1
  })
  told.textContent = shown + ' of ' + all.length + ' findings'
})
document.querySelector('.filter').hidden = false
`

/** SHA-256 of {@link SCRIPT} in base64. */
export const SCRIPT_HASH = 'imbtBeeDC6ArL3zAU1TOKc8PRoY00PAi6TZa1Mtx/3w='
