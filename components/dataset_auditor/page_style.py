"""The page's inline style: system fonts, light and dark, readable on a phone."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d9dee3;
  --paper: #ffffff; --card: #f5f7f9; --good: #1a7f47; --bad: #b3261e; --warn: #8a5a00;
  --bar: #4b7bbd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa5b1;
  --line: #363d45; --paper: #15181c; --card: #1e2329; --good: #5bcb8b; --bad: #ff8a80;
  --warn: #e6b455; --bar: #6d9ee0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1rem; color: var(--ink);
  background: var(--paper); line-height: 1.45;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans KR",
    "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: .25rem 0 .5rem; }
.verdict { border-left: .5rem solid var(--bad); background: var(--card);
  padding: 1rem; border-radius: .25rem; }
.verdict.blessed { border-color: var(--good); }
.verdict ul { margin: .5rem 0 0; padding-left: 1.25rem; }
.soft { color: var(--soft); }
.refuse { color: var(--bad); font-weight: 600; white-space: nowrap; }
.warn { color: var(--warn); font-weight: 600; white-space: nowrap; }
a { color: inherit; text-underline-offset: .15em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
th, td { text-align: left; padding: .35rem .6rem; vertical-align: middle;
  border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
td { max-width: 22rem; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.swatch { display: inline-block; width: .9em; height: .9em; margin-right: .5em;
  border: 1px solid var(--line); border-radius: .15em; vertical-align: -.1em; }
.bar { display: flex; width: 100%; min-width: 6rem; height: .8rem; overflow: hidden;
  background: var(--card); border: 1px solid var(--line); border-radius: .2rem; }
.bar span { display: block; height: 100%; }
.cards { display: grid; gap: .75rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); padding: .6rem;
  border-radius: .3rem; font-size: .9rem; overflow-wrap: anywhere; }
.pictures { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .4rem; }
figure { margin: 0; flex: 1 1 8rem; max-width: 14rem; min-width: 0; }
figure img { display: block; max-width: 100%; height: auto; border-radius: .2rem; }
figcaption { font-size: .8rem; color: var(--soft); }
.none { display: grid; place-items: center; min-height: 6rem; text-align: center;
  border: 1px dashed var(--line); color: var(--soft); font-size: .8rem; }
details summary { cursor: pointer; font-weight: 600; margin: 1.5rem 0 .5rem; }
"""
