# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # set by packer/test; a stage may have its own in a subshell
# packer/test bake: the template's build block in a Debian system, and the whole template against an emulated EC2 API.

ssh_port_of_local=2201
ssh_port_of_ec2=2202

run_bake() {
  ssh-keygen -q -t ed25519 -N '' -f "$work/key"
  write_executor_jar shout Shout.java BlockOutput.java
  write_executor_jar bellow Bellow.java
  check "the local copy of the template differs only as it must" write_local_template
  start_builder builder "$ssh_port_of_local"
  local first=$container first_leader=$leader
  start_builder ec2-builder "$ssh_port_of_ec2"
  start_ec2
  check "packer validate" run_packer validate
  check "packer refuses to share an encrypted image without a key" packer_refuses_sharing
  check "packer names bin/package if there is no distribution" packer_names_package
  check "packer build: the image in the Debian system, the AMI from EC2's API" run_packer build -color=false
  cp "$work/check.log" "$work/packer-build.log"
  grep -h -e 'exposure ' -e 'NOT OK' "$work/packer-build.log" | sort -u || true
  check "the AMI is private and tagged, its builder terminated" ami_is_right
  stop_container
  container=$first leader=$first_leader
  stop_container
  check "nothing of the builder is left in the image" nothing_is_left
  image=$work/builder # for the stages that follow
  ((failed == 0))
}

# write_executor_jar NAME SOURCES...: executors of a user's own.
write_executor_jar() {
  local jar=$work/$1.jar classes=$work/$1-classes java_home
  shift
  find_java build
  mkdir -p "$classes"
  (cd "$here/executors" && "$java_home/bin/javac" -d "$classes" -cp "$home/target/job-processor-api.jar" "$@")
  "$java_home/bin/jar" --create --file "$jar" -C "$classes" .
}

# Builds where a Debian AMI would have been started: user admin, our key, traces that the image must not have.
start_builder() {
  local name=$1 port=$2
  make_root "$name" base.tar
  rm -rf "${work:?}/$name"/etc/ssh/ssh_host_*
  chroot "$work/$name" ssh-keygen -q -A
  chroot "$work/$name" useradd --create-home --shell /bin/bash admin
  install -d -m 0700 "$work/$name/home/admin/.ssh" "$work/$name/root/.ssh"
  cp "$work/key.pub" "$work/$name/home/admin/.ssh/authorized_keys"
  cp "$work/key.pub" "$work/$name/root/.ssh/authorized_keys"
  chroot "$work/$name" chown -R admin:admin /home/admin
  echo 'admin ALL=(ALL) NOPASSWD:ALL' >"$work/$name/etc/sudoers.d/90-cloud-init-users"
  printf 'Port %s\nListenAddress 127.0.0.1\n' "$port" >"$work/$name/etc/ssh/sshd_config.d/test.conf"
  echo 'export AWS_SECRET=trace-of-the-builder' >"$work/$name/root/.bash_history"
  cp "$work/$name/root/.bash_history" "$work/$name/home/admin/.bash_history"
  mkdir -p "$work/$name/var/lib/dhcp" "$work/$name/var/log/journal" "$work/$name/var/lib/cloud/data"
  echo trace-of-the-builder | tee "$work/$name/var/lib/dhcp/dhclient.leases" "$work/$name/var/lib/cloud/data/old" \
    "$work/$name/var/log/cloud-init.log" "$work/$name/var/lib/systemd/random-seed" \
    "$work/$name/var/lib/systemd/credential.secret" >/dev/null
  start_container "$name"
}

start_ec2() {
  make_root emulator emulator.tar
  cat >"$work/emulator/amis.json" <<'JSON'
[{"ami_id": "ami-0123456789abcdef0", "name": "debian-13-amd64-20260101-1", "owner_id": "136693071363",
  "architecture": "x86_64", "virtualization_type": "hvm", "root_device_type": "ebs", "root_device_name": "/dev/xvda",
  "state": "available", "public": true, "platform": null, "image_type": "machine", "hypervisor": "xen",
  "description": "Debian 13", "image_location": "amazon/debian-13", "sriov": "simple", "creation_date": "2026-01-01T00:00:00.000Z"}]
JSON
  mount -t proc proc "$work/emulator/proc"
  env -i PATH=/usr/sbin:/usr/bin:/bin MOTO_AMIS_PATH=/amis.json AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
    chroot "$work/emulator" python3 -m moto.server -H 127.0.0.1 -p 5000 </dev/null >"$work/ec2.log" 2>&1 &
  until_true 60 ec2 DescribeRegions
}

# ec2 ACTION [NAME=VALUE...]: what EC2's API answers, XML.
ec2() {
  python3 - "$@" <<'PYTHON'
import sys, urllib.parse, urllib.request
form = {"Action": sys.argv[1], "Version": "2016-11-15"}
form.update(word.split("=", 1) for word in sys.argv[2:])
request = urllib.request.Request("http://127.0.0.1:5000/", urllib.parse.urlencode(form).encode())
request.add_header("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request")
print(urllib.request.urlopen(request, timeout=10).read().decode())
PYTHON
}

# The lines that the local copy has and the template has not.
added_to_source() {
  cat <<HCL
  custom_endpoint_ec2     = "http://127.0.0.1:5000"
  skip_region_validation  = true
  skip_metadata_api_check = true
  ssh_host                = "127.0.0.1"
  ssh_port                = $ssh_port_of_ec2
  ssh_private_key_file    = "$work/key"
HCL
}

added_source() {
  cat <<HCL
source "null" "local" {
  ssh_host             = "127.0.0.1"
  ssh_port             = $ssh_port_of_local
  ssh_username         = "admin"
  ssh_private_key_file = "$work/key"
}
HCL
}

# Without what Debian's old Packer does not know; with a second source, and where the emulated EC2 is to be found.
write_local_template() {
  local template=$home/packer/ami.pkr.hcl removed
  added_to_source >"$work/added-to-source"
  added_source >"$work/added-source"
  awk -v "to_source=$work/added-to-source" -v "source=$work/added-source" '
    function insert(file, line) { while ((getline line < file) > 0) print line }
    /^ *# >>> packer/ { skipping = 1 }
    !skipping && /^build \{/ { insert(source) }
    !skipping && /^  sources = / { sub(/\]$/, ", \"source.null.local\"]") }
    !skipping { print }
    /^ *# <<</ { skipping = 0 }
    /^source "amazon-ebs"/ { insert(to_source) }' "$template" >"$local_template"
  removed=$(
    awk '/^ *# >>> packer/ { on = 1 } on { print } /^ *# <<</ { on = 0 }' "$template"
    grep '^  sources = ' "$template"
  )
  diff <(diff "$template" "$local_template" | sed -n 's/^< //p') <(printf '%s\n' "$removed") || return 1
  diff <(diff "$template" "$local_template" | sed -n 's/^> //p') \
    <(
      added_to_source
      added_source
      echo '  sources = ["source.amazon-ebs.worker", "source.null.local"]'
    ) || return 1
  echo "what the local copy of the template has else:" >&9
  diff "$template" "$local_template" | sed 's/^/    /' >&9 || true
}
exec 9>&1

run_packer() {
  local action=$1
  shift
  (cd / && exec env -u AWS_ENDPOINT_URL_SQS HOME="$work" CHECKPOINT_DISABLE=1 PACKER_CACHE_DIR="$work/packer-cache" \
    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_EC2_METADATA_DISABLED=true AWS_POLL_DELAY_SECONDS=1 \
    AWS_MAX_ATTEMPTS=30 timeout 400 packer "$action" -var "executor_jars=[\"$work/shout.jar\"]" "$@" "$local_template")
}

packer_refuses_sharing() {
  local answer
  answer=$(run_packer validate -var 'share_accounts=["123456789012"]' || true)
  echo "$answer"
  grep -q 'share_accounts needs kms_key_id' <<<"$answer" &&
    ! run_packer validate -var kms_key_id=alias/aws/ebs &&
    run_packer validate -var 'share_accounts=["123456789012"]' -var kms_key_id=alias/images &&
    run_packer validate -var 'share_accounts=["123456789012"]' -var encrypt_root=false
}

packer_names_package() {
  local answer release=$home/dist/target/release-made-by-bin-package.json
  mv "$release" "$release.away"
  answer=$(run_packer validate | tr '\n' ' ' || true)
  mv "$release.away" "$release"
  echo "$answer"
  grep -q 'no file exists at .*release-made-by-bin-package' <<<"$answer"
}

ami_is_right() {
  local images
  images=$(ec2 DescribeImages Owner.1=self)
  echo "$images"
  grep -q '<isPublic>false' <<<"$images" && grep -q 'job-processor-[0-9.]*-x86_64-' <<<"$images" &&
    grep -q "<value>$(jq -r .commit "$home/dist/target/release-made-by-bin-package.json")</value>" <<<"$images" &&
    grep -q '<value>ami-0123456789abcdef0</value>' <<<"$images" &&
    builder_is_gone
}

builder_is_gone() {
  local instances
  instances=$(ec2 DescribeInstances)
  grep -q '<name>terminated</name>' <<<"$instances" && ! grep -q '<name>running</name>' <<<"$instances"
}

# The image's files as they are on its disk. Deleted blocks are another matter: EBS snapshots hold those of the builder.
nothing_is_left() {
  local root=$work/builder key found
  key=$(cut -d' ' -f2 "$work/key.pub")
  found=$(grep -rlsF -e trace-of-the-builder -e "$key" "$root"/{etc,home,root,var,opt,tmp} || true)
  echo "$found"
  find "$root"/etc/ssh -name 'ssh_host_*'
  find "$root/var/log/journal" "$root/var/lib/systemd/timers" -type f
  [[ -z $found && ! -s $root/etc/machine-id && -f $root/etc/machine-id ]] &&
    [[ -z $(find "$root/etc/ssh" -name 'ssh_host_*') && -z $(find "$root/var/log/journal" -type f) ]] &&
    [[ ! -e $root/var/lib/systemd/random-seed && ! -e $root/tmp/job-processor-image ]]
}
