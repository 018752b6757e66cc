# shellcheck shell=bash
# The part of bin/demo that shows the boss: what --boss does. Sourced, never run.
# shellcheck disable=SC2154 # work, jobs, keep and the others are the demo's

boss_pid="" worker_pids=() boss_address="" boss_token=""

start_boss() {
  title "the boss starts, with a database and three queues of its own"
  printf 'bin/boss start --port 0 --data boss-data\n'
  start "$work/boss.log" "$work/job-processor/bin/boss" start --port 0 --data "$work/boss-data"
  boss_pid=$!
  wait_for_line 'dispatching to the queue' "$work/boss.log" "$boss_pid"
  cat "$work/boss.log"
  boss_address=$(sed -n 's#.*the pages are at \(http://[^ ]*/\).*#\1#p' "$work/boss.log" | head -n 1)
  [[ -n $boss_address ]] || fail "the boss does not say where its pages are"
  boss_token=$("$work/job-processor/bin/boss" token create --scope operate --name demo --data "$work/boss-data")
}

start_workers() {
  local i log
  title "three workers start"
  for i in 1 2 3; do
    log=$work/worker-$i.log
    mkdir -p "$work/state-$i"
    STATE_DIRECTORY=$work/state-$i start "$log" "$work/job-processor/bin/job-processor" --user-data \
      "$user_data,job_failure_retries=1,retry_delay_in_secs=1,poll_wait_time_in_secs=1"
    worker_pids+=($!)
  done
  for i in 1 2 3; do
    wait_for_line 'taking jobs' "$work/worker-$i.log" "${worker_pids[i - 1]}"
    tail -n 1 "$work/worker-$i.log"
  done
}

# api METHOD PATH [CURL ARGUMENTS...]: the answer of the boss's API.
api() {
  local method=$1 path=$2
  shift 2
  curl --silent --show-error --fail-with-body --noproxy '*' --max-time 60 --request "$method" \
    --header "Authorization: Bearer $boss_token" "$@" "${boss_address}api/v1/$path"
}

# Accounts by day: names and payloads as jobs.txt has them.
create_tasks() {
  title "$jobs tasks come in, $(wc -l <"$work/failing.txt") of them with blanks, which the workers' executor refuses"
  awk 'BEGIN { print "name,payload" } { printf "account %05d,%s\n", NR, $0 }' "$work/jobs.txt" >"$work/tasks.csv"
  head -n 4 "$work/tasks.csv"
  api POST tasks --header 'Content-Type: text/csv' --data-binary "@$work/tasks.csv"
  echo
}

# count_tasks STATE: how many tasks are in it.
count_tasks() {
  api GET dispatch | grep -o "\"$1\":[0-9]*" | head -n 1 | cut -d : -f 2
}

wait_for_answers() {
  local end=$((SECONDS + timeout_secs)) good bad
  title "the tasks are worked on"
  while true; do
    good=$(count_tasks succeeded) bad=$(count_tasks failed)
    printf '%d succeeded, %d failed of %d\n' "$good" "$bad" "$jobs"
    ((good + bad < jobs)) || break
    ((SECONDS < end)) || fail "only $good of $jobs tasks have a result and $bad an error after $timeout_secs s"
    sleep 2
  done
}

check_results() {
  api GET 'results?format=csv' >"$work/results.csv"
  api GET 'results?format=jsonl' | grep '"succeeded":true' |
    sed -n 's/.*"body":"\([^"]*\)".*/\1/p' | sort >"$work/got.txt"
  diff "$work/expected.txt" "$work/got.txt" >"$work/difference.txt" ||
    fail "the results (>) are not what they should be (<): $(head -n 10 "$work/difference.txt")"
  title "all $(wc -l <"$work/expected.txt") results are there and right, each once, for example"
  head -n 5 "$work/results.csv"
}

print_report() {
  local workers
  title "which worker did how much"
  api GET reports/workers | grep -o '{"worker":[^}]*}' >"$work/report.txt"
  printf '%-44s %9s %6s %12s\n' WORKER SUCCEEDED FAILED 'BUSY SECONDS'
  sed 's/.*"worker":"\([^"]*\)".*"succeeded":\([0-9]*\).*"failed":\([0-9]*\).*"busy_seconds":\([0-9.E-]*\).*/\1 \2 \3 \4/' \
    "$work/report.txt" | awk '{ printf "%-44s %9d %6d %12.1f\n", $1, $2, $3, $4 }'
  workers=$(wc -l <"$work/report.txt")
  ((workers >= 1)) || fail "the report names no worker"
}

print_boss_address() {
  title "the boss (process $boss_pid), its workers (${worker_pids[*]}) and the servers (process $emulators_pid) stay"
  printf 'the pages: %s\n' "$boss_address"
  sed -n 's/.*\(the first operator sets a password at .*\)/\1/p' "$work/boss.log"
  printf 'the API: export TOKEN=%s\n' "$boss_token"
  # shellcheck disable=SC2016 # for the reader's shell
  printf 'curl -H "Authorization: Bearer $TOKEN" %sapi/v1/reports/workers\n' "$boss_address"
  printf '\nTo stop them:\nkill %s %s && sleep 3; kill %s; rm -rf %q\n' \
    "$boss_pid" "${worker_pids[*]}" "$emulators_pid" "$work"
}

stop_boss() {
  local pid status
  title "the workers and the boss are stopped"
  for pid in "${worker_pids[@]}" "$boss_pid"; do
    status=0
    stop "$pid" 30 || status=$?
    ((status == 0)) || fail "process $pid ended with exit status $status, not 0"
  done
  boss_pid="" worker_pids=()
  printf '%d tasks: %d results, all right; %d failed, as they should; none lost, none twice\n' \
    "$jobs" "$(wc -l <"$work/expected.txt")" "$(wc -l <"$work/failing.txt")"
}

# After a failure, too.
end_boss() {
  local pid
  for pid in ${worker_pids[@]+"${worker_pids[@]}"} $boss_pid; do
    stop "$pid" 10 || true
  done
}

show_boss() {
  start_boss
  start_workers
  write_jobs
  create_tasks
  wait_for_answers
  check_results
  print_report
  if $keep; then
    print_boss_address
    trap - EXIT
  else
    stop_boss
  fi
}
