#!/usr/bin/env bash
# Sphinx 7.4.7 and 9.0.4 (Python 3.11), builder `epub`.
#
# A page with MathML or with a drawing in SVG is listed in `content.opf` without the property
# `mathml` or `svg`. EPUBCheck 4.2.6 calls each an error, OPF-014: "should be declared".
# Where `epub_uid`, the XML id of the identifier's element, is not the identifier itself, `toc.ncx`
# names the book by the former in `dtb:uid`, and `content.opf` by the latter; EPUBCheck: NCX-001.
# Both are files that Sphinx writes alone; a project can mend them only in a builder of its own.
#
# Seen with 7.4.7: `properties of the page: None`, `ncx book-id, opf urn:uuid:…`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
mkdir source
cat > source/conf.py << 'EOF'
project, author, version = "A formula", "Somebody", "1"
epub_identifier = "urn:uuid:00000000-0000-4000-8000-000000000000"
epub_scheme, epub_uid = "UUID", "book-id"
EOF
cat > source/index.rst << 'EOF'
A formula
=========

.. raw:: html

   <p><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>p</mi></math></p>
   <p><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h1v1z"/></svg></p>
EOF
cat > shown.py << 'EOF'
import sys
import zipfile
from xml.etree import ElementTree

with zipfile.ZipFile(sys.argv[1]) as book:
    page = book.read("index.xhtml").decode()
    assert "<math" in page and "<svg" in page
    opf = ElementTree.fromstring(book.read("content.opf"))
    ncx = ElementTree.fromstring(book.read("toc.ncx"))
item = opf.find(".//{*}item[@href='index.xhtml']")
print("properties of the page:", item.get("properties"))
ours = opf.find(".//{*}identifier").text
theirs = ncx.find(".//{*}meta[@name='dtb:uid']").get("content")
print(f"ncx {theirs}, opf {ours}")
assert item.get("properties") is None
assert theirs == "book-id" and ours.startswith("urn:uuid:")
EOF
for version in 7.4.7 9.0.4; do
  env/bin/pip install --quiet --disable-pip-version-check "sphinx==$version"
  env/bin/sphinx-build -q -b epub source "built-$version"
  echo "Sphinx $version"
  env/bin/python shown.py "built-$version"/*.epub
done
