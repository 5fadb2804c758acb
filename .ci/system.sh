# What the scripts beside this one need of the system they run on: `source` it.

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Installs packages of Debian or Ubuntu; fails where there is no apt or nobody may.
apt_install() {
  command -v apt-get > /dev/null && as_root true || return
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y "$@"
}
