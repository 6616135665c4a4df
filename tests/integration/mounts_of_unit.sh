#!/bin/bash
# Runs a program as the user nobody, seeing what ProtectSystem=strict,
# StateDirectory=, PrivateTmp=, PrivateDevices=, ProtectProc=invisible,
# ProtectKernelTunables= and PrivateUsers= leave of a system. As root.
# usage: mounts_of_unit.sh FOLDER PROGRAM [ARGUMENT...]; FOLDER stays writable
set -euo pipefail
if [[ $1 != --inside ]]; then
  exec unshare --mount --propagation private "$0" --inside "$@"
fi
folder=$2
shift 2
mount --bind "$folder" "$folder"
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t proc -o hidepid=invisible proc /proc
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount -t tmpfs -o mode=755 tmpfs /dev
for device in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9"; do
  read -r name major minor <<<"$device"
  mknod -m 666 "/dev/$name" c "$major" "$minor"
done
mount -o remount,bind,ro /
exec setpriv --reuid=65534 --regid=65534 --clear-groups \
  unshare --user --map-current-user "$@"
