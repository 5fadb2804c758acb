#!/usr/bin/env bash
# Sphinx 7.4.7 and 8.2.3 (Python 3.11), HTML builder.
#
# `index` directives and roles are found by the built-in search: `searchindex.js` lists them under
# `indexentries`. An incremental build reads the old search index, but of each page that it does not
# write again it drops these entries (titles and words are kept; so do the printed pages and
# `genindex.html`). How well the search answers depends on whether the build was a full one.
#
# Seen, for both versions: `first build: softmax temperature; one page changed: temperature`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir site
touch site/conf.py
printf 'Start\n=====\n\n.. toctree::\n\n   one\n   two\n' > site/index.rst
printf 'One\n===\n\n.. index:: softmax\n\nText.\n' > site/one.rst
printf 'Two\n===\n\n.. index:: temperature\n\nText.\n' > site/two.rst

entries() {
  python -c 'import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
print(*sorted(json.loads(text[len("Search.setIndex("):-1])["indexentries"]))' "$1"
}
for version in 7.4.7 8.2.3; do
  "${PYTHON:-python3}" -m venv "env-$version"
  (
    PATH="$folder/env-$version/bin:$PATH"
    pip install --quiet --disable-pip-version-check "sphinx==$version"
    sphinx-build -q site "html-$version"
    first=$(entries "html-$version/searchindex.js")
    printf '\nMore text.\n' >> site/two.rst
    sphinx-build -q site "html-$version"
    second=$(entries "html-$version/searchindex.js")
    echo "$version: first build: $first; one page changed: $second"
    [ "$first" = "softmax temperature" ] && [ "$second" = "temperature" ]
    grep -q softmax "html-$version/genindex.html"
  )
done
