import path from 'node:path';
import { CEPH_SPAN } from './ports.ts';

export interface CephOptions {
  readonly dir: string;
  /** Port of the S3 endpoint. */
  readonly s3Port: number;
  /** First of the cluster's own ports; the monitor's address is kept in its data. */
  readonly firstPort: number;
  readonly fsid: string;
}

/** Sparse: only what is written takes disk. */
const DISK_BYTES = 64 * 2 ** 30;
const CACHE_BYTES = 128 * 2 ** 20;

/** Where one cluster keeps its things; everything lies under `<dir>/ceph`. */
export function cephPaths(dir: string) {
  const root = path.join(dir, 'ceph');
  return {
    root,
    config: path.join(root, 'ceph.conf'),
    keyring: path.join(root, 'admin.keyring'),
    monData: path.join(root, 'mon'),
    osdData: path.join(root, 'osd'),
    mgrData: path.join(root, 'mgr'),
    rgwData: path.join(root, 'rgw'),
    /** Written last, holds the monitor's port: without it the data is a ruin. */
    complete: path.join(root, 'complete'),
  };
}

/** The ceph.conf of a cluster of one monitor, one manager, one disk and one gateway on loopback. */
export function cephConfig(options: CephOptions): string {
  return [clusterConfig(options), daemonsConfig(options.dir), gatewayConfig(options)].join('\n');
}

function clusterConfig({ dir, firstPort, fsid }: CephOptions): string {
  const at = cephPaths(dir);
  return `[global]
fsid = ${fsid}
mon initial members = a
mon host = [v2:127.0.0.1:${firstPort}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
ms bind port min = ${firstPort + 1}
ms bind port max = ${firstPort + CEPH_SPAN - 1}
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${at.keyring}
admin socket =
run dir = ${at.root}
crash dir = ${at.root}
log file =
log to stderr = true
err to stderr = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon allow pool delete = true
mon max pg per osd = 1000
mon warn on pool no redundancy = false
`;
}

function daemonsConfig(dir: string): string {
  const at = cephPaths(dir);
  return `[mon]
mon data = ${at.monData}
mon cluster log file =
auth allow insecure global id reclaim = false
mon osd full ratio = 0.98
mon data avail crit = 1
mon data avail warn = 2

[mgr]
mgr data = ${at.mgrData}
keyring = ${at.mgrData}/keyring
mgr initial modules =

[osd]
osd data = ${at.osdData}
keyring = ${at.osdData}/keyring
osd objectstore = bluestore
bluestore block path =
bluestore block create = true
bluestore block size = ${DISK_BYTES}
bluestore cache autotune = false
bluestore cache size = ${CACHE_BYTES}
bluestore throttle bytes = 33554432
osd max pg per osd hard ratio = 10
`;
}

/**
 * No cache: it tells other gateways of each change, and after a kill -9 waits 30 s for the one that is gone to answer.
 */
function gatewayConfig({ dir, s3Port }: CephOptions): string {
  const { rgwData } = cephPaths(dir);
  return `[client.rgw]
rgw data = ${rgwData}
keyring = ${rgwData}/keyring
rgw frontends = beast endpoint=127.0.0.1:${s3Port} tcp_nodelay=1
rgw cache enabled = false
rgw enable ops log = false
rgw enable usage log = false
rgw thread pool size = 128
rgw gc obj min wait = 300
rgw gc processor period = 300
debug rgw = 0
`;
}
