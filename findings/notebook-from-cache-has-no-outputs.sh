#!/usr/bin/env bash
# MyST-NB 1.4.0 with jupyter-cache 1.0.1 (Sphinx 7.4.7, Python 3.11), `nb_execution_mode = "cache"`.
#
# A build writes each page as a notebook to `_build/jupyter_execute`, which `{nb-download}` and the
# themes' download buttons offer. A page that is executed in this build has its outputs in it. A page
# whose outputs come from the cache is written without them, though its HTML shows them: what readers
# download depends on whether the cache was warm.
#
# Seen: `outputs after the first build: 1, after the second: 0, in its HTML: 1`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
  myst-nb==1.4.0 jupyter-cache==1.0.1 sphinx==7.4.7 ipykernel==7.4.0 nbclient==0.11.0

mkdir site
cat > site/conf.py << 'EOF'
extensions = ["myst_nb"]
nb_execution_mode = "cache"
nb_execution_cache_path = "../cache"
EOF
cat > site/index.md << 'EOF'
---
file_format: mystnb
kernelspec:
  name: python3
---

# A page

```{code-cell} python3
print(6 * 7)
```
EOF

outputs() {
  env/bin/python -c 'import json, sys
print(sum(len(cell.get("outputs", ())) for cell in json.load(open(sys.argv[1]))["cells"]))' "$1"
}
PATH="$folder/env/bin:$PATH"
sphinx-build -q site first/html
sphinx-build -q site second/html
first=$(outputs first/jupyter_execute/index.ipynb)
second=$(outputs second/jupyter_execute/index.ipynb)
shown=$(grep -c '>42$' second/html/index.html)
echo "outputs after the first build: $first, after the second: $second, in its HTML: $shown"
[ "$first $second $shown" = "1 0 1" ]
