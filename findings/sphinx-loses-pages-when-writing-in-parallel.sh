#!/usr/bin/env bash
# Sphinx 7.4.7 and 9.0.4, writing pages with several processes (`-j`, or `app.parallel` set by an
# extension), with one extension whose handler of `html-page-context` raises for one page.
#
# Sphinx looks for pages that are done whenever it hands over the next ones (`ParallelTasks.add_task`
# in `sphinx/util/parallel.py`). An error that it meets there it drops, and with it every page whose
# process still runs. The build says that it succeeded, exits with 0 even under `-W`, and pages are
# missing. An error that it meets after the last pages were handed over is told, as it should be.
#
# Seen in both, where the first of 40 pages is bad: `-j 1: exit 2`, `-j 2: exit 0, 0 of 40 pages`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir book
printf 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   page*\n' > book/index.rst
words=$(printf 'A *word* in ``a`` line.\n%.0s' $(seq 2000))
for number in $(seq -w 40); do
  printf 'Page %s\n=======\n\n%s\n' "$number" "$words" > "book/page$number.rst"
done
cat > book/conf.py << 'EOF'
def fail(app, page, template, context, doctree):
    if page == "page01":
        raise ValueError("this page is bad")


def setup(app):
    app.connect("html-page-context", fail)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
EOF
for version in 7.4.7 9.0.4; do
  "${PYTHON:-python3}" -m venv "env$version"
  "env$version/bin/pip" install --quiet --disable-pip-version-check "sphinx==$version"
  for workers in 1 2; do
    rm -rf site
    code=0
    "env$version/bin/python" -m sphinx -q -W --keep-going -j $workers book site > said 2>&1 || code=$?
    pages=$(find site -name 'page*.html' | wc -l)
    echo "Sphinx $version -j $workers: exit $code, $pages of 40 pages"
    if [ $workers = 1 ]; then test $code -ne 0; else test $code -eq 0 && test "$pages" -lt 40; fi
  done
done
