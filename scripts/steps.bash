# How a long preparation shows itself: numbered steps, the time each takes, and, where one fails, what to do about it.
# Sourced by scripts/setup. A step is a function; what it prints goes to the log, what it tells people goes to SCREEN.
# shellcheck shell=bash

LOG=build/setup.log
LOGGED="Everything the tools said is in $LOG."
SECONDS_BETWEEN_LINES=10 # where lines cannot be written over: in a file, in a pipe
WIDTH=100
HEARTBEAT=

exec {SCREEN}>&2

run_steps() {
    local number=0 step
    mkdir -p "$(dirname "$LOG")"
    : >"$LOG"
    trap 'end_abruptly $?' EXIT
    trap 'exit 130' INT TERM
    for step in "$@"; do
        number=$((number + 1))
        run_step "[$number/$#] ${TITLES[$step]}" "$step"
    done
    trap - EXIT INT TERM
    say "Prepared in $(clock "$SECONDS")."
}

run_step() {
    local title=$1 started=$SECONDS
    say "$title"
    printf '== %s\n\n' "$title" >>"$LOG"
    start_heartbeat "$started"
    "$2" >>"$LOG" 2>&1 </dev/null
    stop_heartbeat
    say "      done in $(clock $((SECONDS - started)))"
}

say() { printf '%s\n' "$*" >&"$SCREEN"; }

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# The heartbeat lives as long as the pipe to it is open: it ends with this script, however that ends.
start_heartbeat() {
    exec {PULSE}> >(show_progress "$1")
    HEARTBEAT=$!
}

show_progress() {
    local beats=0 status
    trap '' INT
    while status=0 && { read -r -t 1 || status=$?; } && [ "$status" -gt 128 ]; do # a second passed, the pipe is open
        beats=$((beats + 1))
        if [ -t "$SCREEN" ]; then
            printf '\r\033[K      %s' "$(now_doing "$1")" >&"$SCREEN"
        elif [ $((beats % SECONDS_BETWEEN_LINES)) = 0 ]; then
            say "      $(now_doing "$1")"
        fi
    done
}

now_doing() {
    local line
    line="$(clock $((SECONDS - $1)))  $(tail -n 1 "$LOG" | tr -cd '[:print:]')"
    printf '%s' "${line:0:WIDTH}"
}

stop_heartbeat() {
    [ -n "$HEARTBEAT" ] || return 0
    exec {PULSE}>&-
    wait "$HEARTBEAT" 2>/dev/null || true
    HEARTBEAT=
    if [ -t "$SCREEN" ]; then printf '\r\033[K' >&"$SCREEN"; fi
}

stop() {
    trap - EXIT
    stop_heartbeat
    say ""
    say "Stopped: $1"
    shift
    printf '%s\n' "$@" >&"$SCREEN"
    exit 1
}

end_abruptly() {
    [ "$1" = 130 ] || stop "a command failed." "$(cause)" "$LOGGED"
    stop_heartbeat
    say ""
    say "Interrupted. Run it again: it goes on where it was."
    exit 130
}

# What the log tells about a failure, in one line where it is a usual one.
cause() {
    local unreachable='Temporary failure|Could not (resolve|connect)|NewConnectionError|Network is unreachable|timed out'
    if [ "$(free_megabytes)" -lt "$FULL_BELOW" ] || grep -qai 'no space left' "$LOG"; then
        printf 'The disk is full. Make room (about %s MB are needed), then run it again.\n' "$NEEDED_MB"
    elif grep -qaE "$unreachable|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT" "$LOG"; then
        printf 'This machine has no network, or does not reach the source that it is set to.\n'
    else
        tail -n 5 "$LOG"
    fi
}

free_megabytes() { df -Pm . | awk 'NR == 2 { print $4 }'; }
