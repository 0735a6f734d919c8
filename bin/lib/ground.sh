# Sourced by the scripts of bin/: sets $project and $python, and makes .venv ready. Needs Python 3.11 and nothing else.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
python="$project/.venv/bin/python"

if ! "$python" -c '' 2>/dev/null; then
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      found=$candidate
      break
    fi
  done
  if [ -z "${found:-}" ]; then
    echo "Kliento needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv" >&2
    exit 1
  fi
fi

"${found:-$python}" "$project/bin/lib/ground.py"
