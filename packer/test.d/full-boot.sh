# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # set by packer/test; a lane may have its own in a subshell
# packer/test full-boot: the image's disk in QEMU, with its kernel, systemd and cloud-init with the real Ec2 datasource.

guest_secret=guestSECRETguest

run_full_boot() {
  check "the image becomes a disk" make_disk
  boot_with_pairs
  boot_with_script
  if $refused_guest; then
    boot_with_bad_settings
  fi
}

# User data of key=value pairs, a secret among them.
boot_with_pairs() {
  set_user_data "access_key_id=AKIAIOSFODNN7EXAMPLE,secret_access_key=$guest_secret,job_executor=com.amazonaws.jobprocessor.executors.ShellCommand,executor.command=sh,concurrency=2,job_failure_retries=0"
  start_guest pairs 1024
  echo 'cat /proc/uptime; grep -E "MemTotal|MemAvailable" /proc/meminfo' | submit guest
  check "full boot: a job from user data to the results queue" guest_job_is_done
  check "full boot: a child that eats the memory dies, the worker does not" memory_runs_out
  check "full boot: it shuts down when asked, with the worker's jobs done" stop_guest
  read_guest_disk pairs
  check "full boot: by the kernel's log the child was killed, by the journal the worker is the same process" child_was_killed
  check "full boot: cloud-init is content with pairs, and quotes none of them" cloud_init_is_content
  check "full boot: ssh has keys of its own, the machine an id of its own" identity_is_new
  check "full boot: no secret and no key on the console, in the journal, in cloud-init's logs" guest_tells_no_secret
  print_boot_time
}

# docs/image.md has these numbers.
print_boot_time() {
  local taking starting
  taking=$(first_said_at "taking jobs") starting=$(first_said_at "Starting job-processor.service")
  printf '    under emulation: %d s from the kernel to "taking jobs", cloud-init before it; %d s from the start of the worker\n' \
    "$taking" "$((taking - starting))"
}

# first_said_at TEXT: seconds after the kernel's start.
first_said_at() {
  guest_journal -u job-processor --output json | jq -rs --arg text "$1" \
    'map(select(.MESSAGE | type == "string" and startswith($text)))[0].__MONOTONIC_TIMESTAMP | tonumber / 1000000 | floor'
}

# User data as in docs/launch.md: a script that carries the settings and installs an executor.
boot_with_script() {
  (cd "$whole" && exec python3 -m http.server --bind 127.0.0.1 8088 >/dev/null 2>&1) &
  local server=$!
  set_user_data "$(guest_script)"
  start_guest script 1024
  echo 'installed by a script' | submit script
  check "full boot: a script as user data installs an executor and restarts the worker" script_job_is_done
  check "full boot: it shuts down, too" stop_guest
  kill "$server"
  read_guest_disk script
  check "full boot: cloud-init has run the script without a complaint" cloud_init_has_run_script
}

# A cloud-config this time, which cloud-init has to carry out all the same; the image was built to power such a box off.
boot_with_bad_settings() {
  set_user_data "$(bad_cloud_config)"
  start_guest bad 1024
  check "full boot: a cloud-config with settings that cannot work: the console names them, the box powers off" is_named_and_off
  read_guest_disk bad
  check "full boot: not before cloud-init had done what the cloud-config says" cloud_config_comes_first
}

# cloud-init is not done before the worker has failed, and longer than the drop-in waits after that.
bad_cloud_config() {
  cat <<'YAML'
#cloud-config
#job-processor: concurency=4
#job-processor: access_token=abcSECRETxyz
write_files:
  - path: /etc/written-by-cloud-init
    content: as the cloud-config says
runcmd:
  - until systemctl is-failed --quiet job-processor; do sleep 1; done; sleep 10; date +%s.%N >/var/log/runcmd-is-done
YAML
}

# The one of docs/launch.md, from another address.
guest_script() {
  sed -n '/^<!-- user-data script/,/^<!-- end of script/p' "$home/docs/launch.md" | sed '/^<!--/d; /^```/d' |
    sed 's#https://example.com/#http://172.31.0.1:8088/#'
}

# Only the address of SQS has to be told. No partition table, no boot loader: QEMU loads the image's own kernel.
make_disk() {
  local copy=$work/image drop_in=etc/systemd/system/job-processor.service.d
  copy_image "$copy"
  rm -f "$copy/etc/cloud/cloud-init.disabled"
  mkdir -p "$copy/$drop_in"
  printf '[Service]\nEnvironment=AWS_ENDPOINT_URL_SQS=http://172.31.0.1:%s\n' "$sqs_port" >"$copy/$drop_in/00-test.conf"
  echo '/dev/vda / ext4 defaults 0 1' >"$copy/etc/fstab"
  # The newer one, if the bake has brought a second.
  cp "$(printf '%s\n' "$copy"/boot/vmlinuz-* | sort -V | tail -n 1)" "$work/vmlinuz"
  cp "$(printf '%s\n' "$copy"/boot/initrd.img-* | sort -V | tail -n 1)" "$work/initrd"
  truncate --size 3G "$work/disk"
  mke2fs -q -t ext4 -d "$copy" "$work/disk" && rm -rf --one-file-system "$copy"
}

# start_guest NAME MIB: a machine that takes itself for an EC2 instance. Without two things that the emulated processor
# has: -cx16, with which old QEMU crashes; -erms, with which the kernel clears memory by an instruction that is emulated
# byte by byte: a child that took all memory took four times as long. no_timer_check: on a busy machine the emulated timer's
# ticks come too late for the kernel's test of it, and it panics ("IO-APIC + timer doesn't work!"). One processor: the kernel
# patches its own code while it runs; with two, old QEMU may still run the breakpoint that was there meanwhile, and it panics.
start_guest() {
  local name=$1 uuid=ec2e1916-9099-7caf-fd21-012345abcdef
  guest=$name
  cp --sparse=always "$work/disk" "$work/$name.disk"
  qemu-system-x86_64 -accel tcg -cpu max,-cx16,-erms -smp 1 -m "$2" -nodefaults -no-reboot -display none \
    -serial "file:$work/$name.console" -monitor "unix:$work/$name.monitor,server,nowait" \
    -smbios "type=1,manufacturer=Amazon EC2,product=t3.small,serial=$uuid,uuid=$uuid" \
    -kernel "$work/vmlinuz" -initrd "$work/initrd" -append "root=/dev/vda rw console=ttyS0 panic=-1 no_timer_check net.ifnames=0" \
    -drive "file=$work/$name.disk,format=raw,if=virtio,cache=unsafe" -device virtio-rng-pci \
    -netdev "user,id=n,net=160.0.0.0/4,host=172.31.0.1,dns=172.31.0.2,dhcpstart=172.31.0.15,guestfwd=tcp:169.254.169.254:80-cmd:socat - TCP:127.0.0.1:$imds_port" \
    -device virtio-net-pci,netdev=n </dev/null >"$work/$name.qemu" 2>&1 &
  qemu=$!
}

# The longest that a boot under emulation may take on a busy machine.
longest_boot=900

# while_guest_runs COMMAND...: what the command ends with; false as soon as the guest has ended, from which nothing comes any more.
while_guest_runs() {
  set -m # a process group of its own, to be ended as one
  "$@" &
  local command=$!
  set +m
  while kill -0 "$command" 2>/dev/null; do
    if guest_has_ended; then
      kill -- "-$command"
      { echo "the guest has ended:" && tail -n 40 "$work/$guest.console"; } >&2
      return 1
    fi
    sleep 0.2
  done
  wait "$command"
}

guest_job_is_done() {
  while_guest_runs client results --ids "$work/guest.ids" --timeout "$longest_boot"
}

# The worker is protected by its score, not by luck: the child is far smaller than the JVM when the memory runs out.
memory_runs_out() {
  cat >"$work/job" <<'JOB'
python3 -c 'import itertools; hoard = [bytearray(16 << 20) for _ in itertools.count() if not print(end="")]'
JOB
  submit hog <"$work/job"
  echo 'echo still here' | submit after
  [[ $(while_guest_runs results after "$longest_boot") == 'still here' ]] &&
    while_guest_runs until_true "$longest_boot" is_dead_letter "$(<"$work/hog.ids")" || return 1
  cat "$work/dead-letters"
  grep -F "$(<"$work/hog.ids")" "$work/dead-letters" | grep -q 'exit status 137' && ! grep WorkerDied "$work/dead-letters"
}

# By what the guest has left on its disk: nothing here has seen it happen.
child_was_killed() {
  guest_journal -k --output cat --grep 'Out of memory: Killed process.*python3' || return 1
  guest_journal -u job-processor --output json | jq -r 'select(._COMM == "java") | ._PID' | sort -u >"$work/java.pids"
  cat "$work/java.pids"
  [[ $(wc -l <"$work/java.pids") == 1 ]]
}

# Presses the power button, but not while cloud-init is at work.
stop_guest() {
  while_guest_runs until_true "$longest_boot" cloud_init_has_finished || {
    kill -KILL "$qemu" 2>/dev/null || true
    return 1
  }
  echo system_powerdown | socat - "UNIX-CONNECT:$work/$guest.monitor" >/dev/null
  await_guests_end
}

cloud_init_has_finished() {
  grep -qaE 'Cloud-init v.* finished at' "$work/$guest.console"
}

await_guests_end() {
  until_true 300 guest_has_ended || {
    kill -KILL "$qemu"
    return 1
  }
}

guest_has_ended() {
  ! kill -0 "$qemu" 2>/dev/null
}

# What the guest has written, without mounting its disk.
read_guest_disk() {
  mkdir -p "$work/$1.files"
  local path
  for path in /var/log /var/lib/cloud /etc/ssh /etc/machine-id /etc/written-by-cloud-init; do
    debugfs -R "rdump $path $work/$1.files" "$work/$1.disk" >/dev/null 2>&1
  done
  rm "$work/$1.disk"
}

guest_journal() {
  journalctl --no-pager --directory "$work/$guest.files/log/journal" "$@"
}

cloud_init_is_content() {
  local files=$work/$guest.files
  cat "$files/cloud/data/result.json"
  grep -E 'WARNING|ERROR' "$files/log/cloud-init.log" || true
  jq -e '.v1.errors == [] and (.v1.datasource | startswith("DataSourceEc2"))' "$files/cloud/data/result.json" &&
    jq -e '[.v1[] | objects | .recoverable_errors // {} | length] | add == 0' "$files/cloud/data/status.json" &&
    [[ -s $files/log/cloud-init.log && -s $files/log/cloud-init-output.log ]] &&
    ! grep -E 'WARNING|ERROR' "$files/log/cloud-init.log" &&
    ! grep -F -e access_key_id -e AKIAIOSFODNN7EXAMPLE -e "$guest_secret" "$files"/log/cloud-init*.log "$work/$guest.console"
}

identity_is_new() {
  [[ -s $work/$guest.files/machine-id && -s $work/$guest.files/ssh/ssh_host_ed25519_key ]]
}

guest_tells_no_secret() {
  guest_journal --output cat >"$work/$guest.journal"
  # What is searched is there, and holds what it should; the secret is where only root can read it.
  grep -q '^taking jobs' "$work/$guest.journal" && grep -qa 'Linux version' "$work/$guest.console" &&
    grep -rqaF -e "$guest_secret" "$work/$guest.files/cloud" &&
    ! grep -aF -e "$guest_secret" -e fake-secret -e fake-session-token "$work/$guest.journal" "$work/$guest.console" &&
    ! grep -raF -e "$guest_secret" -e fake-secret -e fake-session-token "$work/$guest.files/log" --include='*.log' &&
    ! find "$work/$guest.files/cloud" -type f -perm /077 -exec grep -laF -e "$guest_secret" {} + | grep .
}

script_job_is_done() {
  [[ $(while_guest_runs results script "$longest_boot") == 'INSTALLED BY A SCRIPT!' ]]
}

cloud_init_has_run_script() {
  local files=$work/$guest.files
  grep -E 'WARNING|ERROR' "$files/log/cloud-init.log" || true
  jq -e '.v1.errors == []' "$files/cloud/data/result.json"
}

is_named_and_off() {
  until_true "$longest_boot" settings_are_named_or_guest_has_ended || {
    tail -n 20 "$work/$guest.console"
    kill -KILL "$qemu"
    return 1
  }
  await_guests_end && grep -aE 'concurency.*concurrency' "$work/$guest.console" &&
    grep -qa 'reboot: Power down' "$work/$guest.console" && ! grep -aF abcSECRETxyz "$work/$guest.console"
}

settings_are_named_or_guest_has_ended() {
  grep -qaE 'concurency.*concurrency' "$work/$guest.console" || guest_has_ended
}

cloud_config_comes_first() {
  local files=$work/$guest.files
  jq -e '.v1.errors == []' "$files/cloud/data/result.json" || return 1
  guest_journal -u job-processor --output cat --grep 'status=78' || return 1
  [[ $(<"$files/written-by-cloud-init") == 'as the cloud-config says' && -s $files/log/runcmd-is-done ]] && cloud_init_has_finished
}
