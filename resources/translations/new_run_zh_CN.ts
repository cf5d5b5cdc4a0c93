<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>RunName</name>
    <message>
        <source>Give the run a name.</source>
        <translation>请给这次训练起个名字。</translation>
    </message>
    <message>
        <source>A name cannot contain “/”.</source>
        <translation>名称中不能含有“/”。</translation>
    </message>
    <message>
        <source>A name cannot begin with a dot.</source>
        <translation>名称不能以点开头。</translation>
    </message>
    <message>
        <source>A name cannot begin or end with a space.</source>
        <translation>名称首尾不能有空格。</translation>
    </message>
    <message>
        <source>A name cannot contain a colon or a comma.</source>
        <translation>名称中不能含有冒号或逗号。</translation>
    </message>
    <message>
        <source>The name is too long.</source>
        <translation>名称过长。</translation>
    </message>
    <message>
        <source>There is a run of this name already.</source>
        <translation>已有同名的训练。</translation>
    </message>
</context>
<context>
    <name>z2::ui::ExtendDialog</name>
    <message>
        <source>Extend %1</source>
        <translation>延长 %1</translation>
    </message>
    <message>
        <source>&amp;Further steps:</source>
        <translation>再训练步数(&amp;F)：</translation>
    </message>
    <message>
        <source>From %1 to %2 steps in all. It goes on from its last checkpoint; the learning rate follows its schedule for the new length.</source>
        <translation>总步数由 %1 增加到 %2。从最近的检查点继续，学习率按新的总步数调度。</translation>
    </message>
    <message>
        <source>Extend and go on</source>
        <translation>延长并继续</translation>
    </message>
</context>
<context>
    <name>z2::ui::ForkDialog</name>
    <message>
        <source>Fork %1</source>
        <translation>从 %1 派生</translation>
    </message>
    <message>
        <source>A new run with the same configuration that begins with the weights of a checkpoint. Its optimizer, its steps and its place in the data begin anew; %1 stays as it is.</source>
        <translation>新建一个配置相同的训练，以所选检查点的权重为起点；优化器状态、步数和数据位置重新开始，%1 保持不变。</translation>
    </message>
    <message>
        <source>&amp;Checkpoint:</source>
        <translation>检查点(&amp;C)：</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>名称(&amp;N)：</translation>
    </message>
    <message>
        <source>Change settings first…</source>
        <translation>先修改设置…</translation>
    </message>
    <message>
        <source>Fork and start</source>
        <translation>派生并开始</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>第 %1 步</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunActionBar</name>
    <message>
        <source>Queue</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Leave the queue</source>
        <translation>退出队列</translation>
    </message>
    <message>
        <source>Stop and save</source>
        <translation>停止并保存</translation>
    </message>
    <message>
        <source>Stop now…</source>
        <translation>立即停止…</translation>
    </message>
    <message>
        <source>Extend…</source>
        <translation>延长…</translation>
    </message>
    <message>
        <source>Fork…</source>
        <translation>派生…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>立即开始</translation>
    </message>
    <message>
        <source>Starts it beside what is at work; both become slower</source>
        <translation>与正在进行的训练同时运行，两者都会变慢</translation>
    </message>
    <message>
        <source>It waits no longer; nothing of it is lost</source>
        <translation>不再等待，不会丢失任何内容</translation>
    </message>
    <message>
        <source>It finishes its step, saves a checkpoint and ends</source>
        <translation>完成当前这一步，保存检查点后结束</translation>
    </message>
    <message>
        <source>It ends at once; the steps since its last checkpoint are lost</source>
        <translation>立即结束，最近一个检查点之后的步数会丢失</translation>
    </message>
    <message>
        <source>Starts as soon as no other run of this workspace is at work</source>
        <translation>等本工作区没有其他训练在进行时自动开始</translation>
    </message>
    <message>
        <source>Goes on as soon as no other run of this workspace is at work</source>
        <translation>等本工作区没有其他训练在进行时自动继续</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>It goes on when this window is closed</source>
        <translation>关闭窗口后训练仍会继续</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>It has done its %1 steps; Extend lets it go on</source>
        <translation>已完成全部 %1 步；可用“延长”继续训练</translation>
    </message>
    <message>
        <source>Resume from step %1</source>
        <translation>从第 %1 步续训</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>The checkpoint is verified first; the curve goes on where it was saved</source>
        <translation>先校验检查点，曲线从保存处接着画</translation>
    </message>
    <message>
        <source>There is no checkpoint yet, so it begins at step 1</source>
        <translation>还没有检查点，将从第 1 步开始</translation>
    </message>
    <message>
        <source>Adds steps and goes on from the last checkpoint</source>
        <translation>增加步数，并从最近的检查点继续</translation>
    </message>
    <message>
        <source>Stop it first: a run is extended while it rests</source>
        <translation>请先停止：训练停下后才能延长</translation>
    </message>
    <message>
        <source>It has not begun; Start comes first</source>
        <translation>训练尚未开始，请先点“开始”</translation>
    </message>
    <message>
        <source>A new run that begins with the weights of a checkpoint</source>
        <translation>新建一个以某个检查点权重为起点的训练</translation>
    </message>
    <message>
        <source>It has no checkpoint yet to begin from</source>
        <translation>还没有可作为起点的检查点</translation>
    </message>
    <message>
        <source>Something is being done with this run already</source>
        <translation>正在对这个训练执行操作</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Verifying and starting…</source>
        <translation>正在校验并启动…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Stop %1 now?</source>
        <translation>立即停止 %1？</translation>
    </message>
    <message>
        <source>The %1 steps since the last checkpoint are lost.</source>
        <translation>最近一个检查点之后的 %1 步将会丢失。</translation>
    </message>
    <message>
        <source>All %1 steps are lost: there is no checkpoint yet.</source>
        <translation>还没有检查点，已完成的 %1 步将全部丢失。</translation>
    </message>
    <message>
        <source>The step that is under way is lost.</source>
        <translation>正在进行的这一步将会丢失。</translation>
    </message>
    <message>
        <source>“Stop and save” ends it without any loss.</source>
        <translation>“停止并保存”不会丢失任何内容。</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>立即停止</translation>
    </message>
    <message>
        <source>It was imported: there is no checkpoint to go on from</source>
        <translation>这是导入的记录，没有可以接着训练的检查点</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunActions</name>
    <message>
        <source>%1: the newest checkpoint is damaged, so it goes on from step %2</source>
        <translation>%1：最新的检查点已损坏，改从第 %2 步继续</translation>
    </message>
    <message>
        <source>The damaged one is kept aside in the run&apos;s folder; look at the disk.</source>
        <translation>损坏的检查点已移到一旁，仍在该训练的目录中；请检查磁盘。</translation>
    </message>
    <message>
        <source>%1 was made from %2</source>
        <translation>已从 %2 派生出 %1</translation>
    </message>
    <message>
        <source>%1: the checkpoint of step %2 is whole</source>
        <translation>%1：第 %2 步的检查点完好</translation>
    </message>
    <message>
        <source>All %1 of it match their checksums.</source>
        <translation>共 %1，全部与校验和一致。</translation>
    </message>
    <message>
        <source>%1: the checkpoint of step %2 was exported</source>
        <translation>%1：第 %2 步的检查点已导出</translation>
    </message>
    <message>
        <source>%1 cannot be resumed: none of its checkpoints is whole</source>
        <translation>%1 无法续训：没有一个检查点是完好的</translation>
    </message>
    <message>
        <source>Nothing was changed; its metrics and its settings are kept.</source>
        <translation>未做任何改动，指标和设置都还在。</translation>
    </message>
    <message>
        <source>Bring back a copy of %1, or begin a new run with the same settings.</source>
        <translation>请恢复 %1 的备份，或用相同的设置新建训练。</translation>
    </message>
    <message>
        <source>The run was not started; its settings are kept.</source>
        <translation>训练没有启动，设置已保留。</translation>
    </message>
    <message>
        <source>The run was not stopped.</source>
        <translation>训练没有停止。</translation>
    </message>
    <message>
        <source>The run does not go on; its checkpoints and metrics are kept.</source>
        <translation>训练没有继续，检查点和指标都还在。</translation>
    </message>
    <message>
        <source>The new run was not started; the run it comes from is as it was.</source>
        <translation>新的训练没有启动，原来的训练保持不变。</translation>
    </message>
    <message>
        <source>A resume would use an older checkpoint that is whole.</source>
        <translation>续训时会改用更早的完好检查点。</translation>
    </message>
    <message>
        <source>Nothing was exported; the checkpoint is as it was.</source>
        <translation>没有导出任何内容，检查点保持不变。</translation>
    </message>
</context>
</TS>
