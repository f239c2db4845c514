# shellcheck shell=bash disable=SC2154
# Starts and ends a sandbox; sourced by scripts, which set `groupload` (the binary) and `work` (a directory).
# After start_sandbox, `sandbox_url` and `sandbox_pid` are set. Call stop_sandbox in an EXIT trap.
sandbox_url=
sandbox_pid=

# The binary: $GROUPLOAD_BINARY where that is set, else a fresh release build's.
find_binary() {
  if [[ -n "${GROUPLOAD_BINARY:-}" ]]; then
    groupload=$GROUPLOAD_BINARY
  else
    swift build -c release --product groupload
    groupload=$(swift build -c release --show-bin-path)/groupload
  fi
  if [[ ! -x "$groupload" ]]; then
    echo "$groupload: no such binary; unset GROUPLOAD_BINARY to build one" >&2
    return 1
  fi
}

# start_sandbox [OPTION...]: waits at most 10 seconds for the line that holds its URL.
start_sandbox() {
  : >"$work/sandbox.out"
  "$groupload" sandbox --port 0 "$@" >"$work/sandbox.out" 2>"$work/sandbox.err" &
  sandbox_pid=$!
  local attempt
  for ((attempt = 0; attempt < 100; attempt++)); do
    if read -r sandbox_url <"$work/sandbox.out" && [[ "$sandbox_url" == http://* ]]; then
      return 0
    fi
    if ! kill -0 "$sandbox_pid" 2>/dev/null; then
      break
    fi
    sleep 0.1
  done
  echo "the sandbox did not start; it said:" >&2
  tail -n 20 "$work/sandbox.err" >&2
  return 1
}

# Ends the sandbox that start_sandbox started, and no other process; forcibly where it takes longer than 10 seconds.
stop_sandbox() {
  local pid=$sandbox_pid attempt
  sandbox_pid=
  if [[ -z "$pid" ]] || ! kill -TERM "$pid" 2>/dev/null; then
    return 0
  fi
  for ((attempt = 0; attempt < 100; attempt++)); do
    if ! kill -0 "$pid" 2>/dev/null; then
      break
    fi
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}
