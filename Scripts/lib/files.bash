# shellcheck shell=bash disable=SC2034
# The files that Scripts/lint and Scripts/format look at, and ruff; sourced by them, from the top of the repository.
swift_paths=(Sources Tests Package.swift Scripts/checks/fuzzing Scripts/benchmarks/peers)
ruff_version=0.17.6

# find_ruff: prints the path of ruff; installs it into .build/ruff where it is missing.
# Fails where PyPI can't be reached.
find_ruff() {
  local directory=.build/ruff
  if [[ ! -x $directory/bin/ruff ]]; then
    python3 -c 'import ensurepip' 2>/dev/null || Scripts/setup python3-venv >&2
    python3 -m venv "$directory" >&2 || return 1
    "$directory/bin/pip" install --quiet --disable-pip-version-check "ruff==$ruff_version" >&2 || return 1
  fi
  echo "$directory/bin/ruff"
}

bash_scripts=() python_scripts=() executables=()
# find_scripts: sorts the scripts by their language; those without a suffix are to be executable.
find_scripts() {
  local script
  while IFS= read -r script; do
    case "$script" in
      *.bash) bash_scripts+=("$script") ;;
      *.py) python_scripts+=("$script") ;;
      *)
        case "$(head -n 1 "$script" | tr -d '\0')" in
          '#!'*bash*) bash_scripts+=("$script") ;;
          '#!'*python3*) python_scripts+=("$script") ;;
          *) continue ;;
        esac
        executables+=("$script")
        ;;
    esac
  done < <(find Scripts .ci -type f -not -path '*/__pycache__/*' | sort)
}
