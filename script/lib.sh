# Sourced by the scripts beside it: finds Python, makes the environment, builds the front end. Plain bash; all
# words go to standard error, so that standard output stays the command's own.

set -euo pipefail
umask 022

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
OLDEST_PYTHON=3.11
OLDEST_NODE=20

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
am_root() { [ "$(id -u)" = 0 ]; }

# --- root serves as somebody else -----------------------------------------------------------------------------
# The database refuses to run as root and the web should not, so as root both run as HUYING_USER, else huying, else
# nobody (huying/site/accounts.py decides the same way). That user must be able to read the code and the environment.

service_user() {
  local name
  for name in "${HUYING_USER:-}" huying nobody; do
    if [ -n "$name" ] && id -u "$name" >/dev/null 2>&1; then echo "$name"; return; fi
  done
  die "run as root, but this machine has neither a user huying nor nobody; make one: adduser --system huying"
}

as_service() {
  if am_root; then
    local user; user="$(service_user)"
    # Through sh: setpriv starts its first program while it still has root's capabilities, the second has none.
    setpriv --reuid="$(id -u "$user")" --regid="$(id -g "$user")" --clear-groups -- /bin/sh -c '"$@"' sh "$@"
  else
    "$@"
  fi
}

# As root from a folder that the service user cannot enter (such as below /root): work from a copy it can read.
# The folders above the original are never changed.
reach() {
  local script="$1"; shift
  am_root || return 0
  if (cd / && as_service test -r "$ROOT/pyproject.toml" -a -x "$ROOT/script") 2>/dev/null; then return 0; fi
  local copy; copy="${HUYING_APP:-/opt/huying}/app-$(printf '%s' "$ROOT" | cksum | cut -d' ' -f1)"
  say "the user $(service_user) cannot read $ROOT; working from a copy in $copy"
  mkdir -p "$copy"
  local held; held="$(cd "$ROOT" && listing | cksum)"
  if [ "$(cat "$copy/.copied" 2>/dev/null)" != "$held" ]; then
    (cd "$copy" && find . -mindepth 1 -maxdepth 1 ! -name '.venv*' ! -name node_modules ! -name '.built' -exec rm -rf {} +)
    (cd "$ROOT" && listing_names | tar --null -cf - -T -) | tar -C "$copy" -xf - --no-same-owner
    printf '%s' "$held" >"$copy/.copied"
  fi
  exec "$copy/script/$script" "$@"
}

# What belongs to the project: all but history, environments, caches and what is built.
listing_names() {
  find . \( -name .git -o -name '.venv*' -o -name node_modules -o -name __pycache__ -o -name '.*_cache' \
    -o -name .hypothesis -o -path ./huying/ui/static/ui/dist -o -path ./var \) -prune -o -type f ! -name '*.mo' -print0
}
listing() { listing_names | sort -z | xargs -0 stat -c '%n %s %Y'; }

# --- Python ---------------------------------------------------------------------------------------------------------

# Prints the first interpreter that is new enough, has venv and pip, and can be run by the service user.
find_python() {
  local name found seen_new="" unreachable=""
  for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 \
    /usr/local/bin/python3 /usr/bin/python3 /usr/bin/python3.1[1-9]; do
    [ -n "$name" ] || continue
    found="$(command -v "$name" 2>/dev/null)" || continue
    found="$("$found" -c 'import os, sys
if sys.version_info < (3, 11): sys.exit(1)
print(os.path.realpath(sys.executable))' 2>/dev/null)" || continue
    seen_new="$found"
    "$found" -c 'import ensurepip, venv' 2>/dev/null || continue
    if ! (cd / && as_service "$found" -c 'import ensurepip, venv' >/dev/null 2>&1); then unreachable="$found"; continue; fi
    echo "$found"
    return
  done
  if [ -n "$unreachable" ]; then
    say "$unreachable cannot be run by the user $(service_user), who runs the web and the database when root starts them."
    die "Install the system's Python:  apt install python3 python3-venv python3-pip"
  elif [ -n "$seen_new" ]; then
    local version; version="$("$seen_new" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    say "$seen_new has no venv or pip. On Debian or Ubuntu mend it with:"
    die "  apt install python${version}-venv python3-pip"
  fi
  say "Python $OLDEST_PYTHON or newer is needed. On Debian 12 or newer, or Ubuntu 24.04 or newer:"
  die "  apt install python3 python3-venv python3-pip"
}

# Sets VENV and PY. As root an environment made by an interpreter that the service user cannot run is left alone,
# and one beside it is used.
choose_environment() {
  VENV="${HUYING_VENV:-$ROOT/.venv}"
  if [ -x "$VENV/bin/python" ] && am_root && ! (cd / && as_service "$VENV/bin/python" -c '' 2>/dev/null); then
    VENV="$ROOT/.venv-service"
  fi
  PY="$VENV/bin/python"
}

# environment base|dev: the virtual environment with exactly the locked packages.
environment() {
  local kind="$1" lock="$ROOT/requirements/$1.txt" wanted
  choose_environment
  wanted="$(cksum <"$lock")"
  if [ "$(cat "$VENV/.installed-$kind" 2>/dev/null)" = "$wanted" ] && "$PY" -c '' 2>/dev/null; then return; fi
  mkdir -p "$VENV"
  exec 8>"$VENV/.lock"
  flock 8
  if [ "$(cat "$VENV/.installed-$kind" 2>/dev/null)" != "$wanted" ] || ! "$PY" -c '' 2>/dev/null; then
    local python; python="$(find_python)"
    if ! "$PY" -c '' 2>/dev/null; then
      say "making the environment in $VENV with $python"
      "$python" -m venv --clear "$VENV" >&2 || die "the environment could not be made"
    fi
    say "installing the pinned packages ($kind)"
    "$PY" -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$lock" >&2 \
      || die "the packages could not be installed; see above"
    # The project itself is used from where it lies.
    echo "$ROOT" >"$("$PY" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/huying.pth"
    "$PY" -m compileall -q "$VENV/lib" "$ROOT/huying" >/dev/null 2>&1 || true
    echo "$wanted" >"$VENV/.installed-$kind"
    # The lock for tests holds everything of the lock for serving.
    if [ "$kind" = dev ]; then cksum <"$ROOT/requirements/base.txt" >"$VENV/.installed-base"; fi
  fi
  exec 8>&-
}

# --- the front end -----------------------------------------------------------------------------------------------------

new_enough_node() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 \
    && [ "$(node --version 2>/dev/null | sed 's/^v//; s/\..*//')" -ge "$OLDEST_NODE" ] 2>/dev/null
}

# The machine's Node, else one from a wheel in an environment of its own.
node_path() {
  if new_enough_node; then return; fi
  local lock="$ROOT/requirements/node.txt" home="$VENV-node" wanted
  wanted="$(cksum <"$lock")"
  if [ "$(cat "$home/.installed" 2>/dev/null)" != "$wanted" ]; then
    say "no Node.js $OLDEST_NODE or newer here; installing one beside the environment"
    "$(find_python)" -m venv --clear "$home" >&2
    "$home/bin/python" -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$lock" >&2
    echo "$wanted" >"$home/.installed"
  fi
  PATH="$home/bin:$PATH"
  export PATH
}

# Styles, scripts and icons; only when something that goes into them changed.
front_end() {
  [ -f "$ROOT/package-lock.json" ] || return 0
  local stamp="$ROOT/huying/ui/static/ui/dist/.built" wanted locked
  wanted="$(cd "$ROOT" && { cat package.json package-lock.json; find huying/ui/assets -type f -print0 | sort -z | xargs -0 cat; } | cksum)"
  if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
  exec 8>"$VENV/.lock"
  flock 8
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    node_path
    locked="$(cksum <"$ROOT/package-lock.json")"
    if [ "$(cat "$ROOT/node_modules/.installed" 2>/dev/null)" != "$locked" ]; then
      say "installing the front-end packages"
      (cd "$ROOT" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2) || die "npm ci failed; see above"
      echo "$locked" >"$ROOT/node_modules/.installed"
    fi
    say "building styles and scripts"
    (cd "$ROOT" && npm run --silent build >&2) || die "the front end could not be built; see above"
    echo "$wanted" >"$stamp"
  fi
  exec 8>&-
}

# Message catalogues; a fraction of a second when nothing changed.
catalogues() { "$PY" -m huying.site.catalogues >&2; }
