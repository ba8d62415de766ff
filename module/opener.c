// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Who may have a unit, and who has it.
 */
#include <linux/capability.h>
#include <linux/etherdevice.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include "iftap.h"

/* sysctl net.link.tap.user_open is the host's: its own namespace only. */
static bool user_open(struct net *opener, struct net *interface)
{
	return READ_ONCE(iftap_user_open) && net_eq(opener, &init_net) &&
	       net_eq(interface, &init_net);
}

/**
 * iftap_opener_permitted - may the caller take a unit?
 * @net: the caller's namespace
 * @unit: the unit, or NULL if it is to be made
 *
 * For a unit that is there, the namespace counts that its interface is in now.
 *
 * Context: RCU read section.
 */
bool iftap_opener_permitted(struct net *net, struct iftap_unit *unit)
{
	struct net_device *dev = unit ? rcu_dereference(unit->dev) : NULL;
	struct net *where = dev ? dev_net(dev) : net;

	return user_open(net, where) ||
	       ns_capable(where->user_ns, CAP_NET_ADMIN);
}

/**
 * iftap_opener_admin - may the caller administer the interface where it is?
 * @unit: the unit
 *
 * Return: true also for a unit without interface; using that is EHOSTDOWN.
 */
bool iftap_opener_admin(struct iftap_unit *unit)
{
	struct net_device *dev;
	bool may;

	rcu_read_lock();
	dev = rcu_dereference(unit->dev);
	may = !dev || ns_capable(dev_net(dev)->user_ns, CAP_NET_ADMIN);
	rcu_read_unlock();
	return may;
}

/**
 * iftap_opener_had - is the caller the user who had the unit open, or admin?
 * @unit: the unit, not open
 * @dev: its interface
 *
 * Context: rtnl.
 */
bool iftap_opener_had(struct iftap_unit *unit, struct net_device *dev)
{
	kuid_t uid = unit->opener.uid;

	return (uid_valid(uid) && uid_eq(uid, current_uid())) ||
	       ns_capable_noaudit(dev_net(dev)->user_ns, CAP_NET_ADMIN);
}

/**
 * iftap_opener_owns - may the caller use the unit by the Linux face?
 * @unit: the unit
 * @dev: its interface
 *
 * Its owner may, and its group; with both set, who is both. This is Linux 6.12's
 * rule on every kernel: earlier ones let anybody have what has neither.
 *
 * Context: RCU read section or rtnl.
 */
bool iftap_opener_owns(struct iftap_unit *unit, struct net_device *dev)
{
	kuid_t owner = READ_ONCE(unit->owner);
	kgid_t group = READ_ONCE(unit->group);

	if ((uid_valid(owner) || gid_valid(group)) &&
	    (!uid_valid(owner) || uid_eq(current_euid(), owner)) &&
	    (!gid_valid(group) || in_egroup_p(group)))
		return true;
	return ns_capable(dev_net(dev)->user_ns, CAP_NET_ADMIN);
}

/* The caller is the opener from now on; @remote is the remote address. */
void iftap_opener_set(struct iftap_unit *unit, const u8 *remote)
{
	struct iftap_opener opener = { .uid = current_uid() };
	struct pid *old;

	opener.pid = get_task_pid(current, PIDTYPE_TGID);
	get_task_comm(opener.comm, current->group_leader);
	spin_lock(&unit->lock);
	old = unit->opener.pid;
	unit->opener = opener;
	ether_addr_copy(unit->remote, remote);
	spin_unlock(&unit->lock);
	put_pid(old);
}

/* The remote address, ETH_ALEN bytes. */
void iftap_opener_remote(struct iftap_unit *unit, u8 *remote)
{
	spin_lock(&unit->lock);
	ether_addr_copy(remote, unit->remote);
	spin_unlock(&unit->lock);
}

void iftap_opener_set_remote(struct iftap_unit *unit, const u8 *remote)
{
	spin_lock(&unit->lock);
	ether_addr_copy(unit->remote, remote);
	spin_unlock(&unit->lock);
}

/* There is none; the user is remembered. */
void iftap_opener_clear(struct iftap_unit *unit)
{
	struct pid *old;

	spin_lock(&unit->lock);
	old = unit->opener.pid;
	unit->opener.pid = NULL;
	spin_unlock(&unit->lock);
	put_pid(old);
}

/**
 * iftap_opener_pid - who has the unit open
 * @unit: the unit
 * @comm: TASK_COMM_LEN bytes for its command name at open
 *
 * Return: its process number in the caller's pid namespace, 0 if it has none
 * there, -ESRCH if it has exited, -ENOENT if the unit is not open.
 */
int iftap_opener_pid(struct iftap_unit *unit, char *comm)
{
	int nr = -ENOENT;
	struct pid *pid;

	spin_lock(&unit->lock);
	strscpy(comm, unit->opener.comm, TASK_COMM_LEN);
	pid = get_pid(unit->opener.pid);
	spin_unlock(&unit->lock);
	if (pid) {
		rcu_read_lock();
		nr = pid_task(pid, PIDTYPE_TGID) ? pid_vnr(pid) : -ESRCH;
		rcu_read_unlock();
		put_pid(pid);
	}
	return nr;
}
