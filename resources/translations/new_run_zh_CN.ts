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
    <name>z2::ui::DataStep</name>
    <message>
        <source>yes</source>
        <translation>有</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>There is no data in this workspace yet. Make some from text files, or name token files of your own below.</source>
        <translation>本工作区还没有数据。可用文本文件制作，或在下面填写已有的 token 文件。</translation>
    </message>
    <message>
        <source>Make new data…</source>
        <translation>制作新数据…</translation>
    </message>
    <message>
        <source>Data sets</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档数</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表大小</translation>
    </message>
    <message>
        <source>Validation part</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>What shall the model learn from? Text becomes data on the Data page; each row here is a data set of this workspace, made for one task, which is then that of the run.</source>
        <translation>模型要从什么内容中学习？文本在“数据”页变成数据；这里每一行是工作区里的一份数据，它为某一种任务而制作，训练的任务也由它决定。</translation>
    </message>
    <message>
        <source>Made for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Look at the samples…</source>
        <translation>查看样本…</translation>
    </message>
    <message>
        <source>Token by token, as the run will see them</source>
        <translation>逐个 token 显示训练实际看到的样本</translation>
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
    <name>z2::ui::FieldRow</name>
    <message>
        <source>tokens</source>
        <translation>token</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>sequences</source>
        <translation>条序列</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>批</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>checkpoints</source>
        <translation>个检查点</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation>还原 %1</translation>
    </message>
    <message>
        <source>Back to empty</source>
        <translation>恢复为空</translation>
    </message>
    <message>
        <source>Back to %1</source>
        <translation>恢复为 %1</translation>
    </message>
</context>
<context>
    <name>z2::ui::FitChoice</name>
    <message>
        <source>Look at the samples…</source>
        <translation>查看样本…</translation>
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
    <name>z2::ui::ModelStep</name>
    <message>
        <source>▾ Shape in detail</source>
        <translation>▾ 详细结构</translation>
    </message>
    <message>
        <source>▸ Shape in detail</source>
        <translation>▸ 详细结构</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 参数</translation>
    </message>
    <message numerus="yes">
        <source>%1 layers of %2, context %3</source>
        <translation>
            <numerusform>%1 层 × %2，上下文 %3</numerusform>
        </translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>A shape of your own, beginning with the one chosen now</source>
        <translation>以当前所选结构为起点，自行修改</translation>
    </message>
    <message>
        <source>Existing weights</source>
        <translation>已有权重</translation>
    </message>
    <message>
        <source>Goes on from a run, a checkpoint or a Hugging Face model</source>
        <translation>以某次训练、检查点或 Hugging Face 模型为起点</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>Run %1, step %2</source>
        <translation>训练 %1，第 %2 步</translation>
    </message>
    <message>
        <source>Model %1</source>
        <translation>模型 %1</translation>
    </message>
    <message>
        <source>How large shall it be? tiny learns within minutes on this computer; the others are made for GPUs.</source>
        <translation>模型要多大？tiny 在本机几分钟即可见效，其余是为 GPU 准备的。</translation>
    </message>
    <message>
        <source>Of this &amp;workspace:</source>
        <translation>本工作区(&amp;W)：</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>z2::ui::NewRunPage</name>
    <message>
        <source>Ready to start</source>
        <translation>可以开始</translation>
    </message>
    <message>
        <source>To be mended: %1</source>
        <translation>待修正：%1 处</translation>
    </message>
    <message>
        <source>%1, %2 tokens</source>
        <translation>%1，%2 token</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>未选择</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 参数</translation>
    </message>
    <message numerus="yes">
        <source>%1 steps</source>
        <translation>
            <numerusform>%1 步</numerusform>
        </translation>
    </message>
    <message>
        <source>Something is still to be mended; see above</source>
        <translation>还有需要修正的地方，见上文</translation>
    </message>
    <message>
        <source>The run was not made; your settings are kept here.</source>
        <translation>没有建立训练；你的设置仍保留在这里。</translation>
    </message>
    <message>
        <source>%1 is saved</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>It waits among the runs until you start it.</source>
        <translation>它已在训练列表中，随时可以开始。</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Take settings from</source>
        <translation>沿用设置</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Save settings as file…</source>
        <translation>设置另存为文件…</translation>
    </message>
    <message>
        <source>Save for later</source>
        <translation>存着以后再训</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
</context>
<context>
    <name>z2::ui::PathEdit</name>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择目录</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>Token files (*.bin)</source>
        <translation>token 文件 (*.bin)</translation>
    </message>
</context>
<context>
    <name>z2::ui::QueuePage</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>at work</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>The order is as it was.</source>
        <translation>顺序保持不变。</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Runs wait here for each other: the first one starts when no run of this workspace is at work. They wait on when this window is closed.</source>
        <translation>训练在这里依次等待：本工作区没有训练在进行时，排在最前的自动开始。关闭窗口后仍会继续等待。</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>次序</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>No run waits. “Queue” in a new run, or beside a stopped one, lets it start after the others.</source>
        <translation>没有训练在排队。新建训练时，或在已停止的训练旁点“排队”，它就会在其他训练之后开始。</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Alt+Up</source>
        <translation>Alt+↑</translation>
    </message>
    <message>
        <source>Alt+Down</source>
        <translation>Alt+↓</translation>
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
        <source>Leave the queue</source>
        <translation>退出队列</translation>
    </message>
    <message>
        <source>It waits no longer; nothing of it is lost</source>
        <translation>不再等待，不会丢失任何内容</translation>
    </message>
</context>
<context>
    <name>z2::ui::ReviewStep</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%1 steps of %2 tokens</source>
        <translation>
            <numerusform>%1 步，每步 %2 token</numerusform>
        </translation>
    </message>
    <message>
        <source>the data is seen %1 times</source>
        <translation>数据过 %1 遍</translation>
    </message>
    <message>
        <source>≈ %1</source>
        <translation>约 %1</translation>
    </message>
    <message>
        <source>%1 tokens/s, as %2 with the same shape was measured</source>
        <translation>%1 token/s，取自相同结构的 %2 的实测</translation>
    </message>
    <message>
        <source>%1 tokens/s, reckoned from the arithmetic that %2 did a second</source>
        <translation>%1 token/s，按 %2 实测的每秒运算量推算</translation>
    </message>
    <message>
        <source>at least %1 tokens/s; no run has measured this machine&apos;s GPU yet</source>
        <translation>至少 %1 token/s；本机 GPU 还没有实测数据</translation>
    </message>
    <message>
        <source>%1 tokens/s, a guess from the processor&apos;s clock; the first run measures it</source>
        <translation>%1 token/s，按处理器主频粗估；首次训练后会有实测</translation>
    </message>
    <message numerus="yes">
        <source>at most %1 checkpoints of %2</source>
        <translation>
            <numerusform>至多 %1 个检查点，每个 %2</numerusform>
        </translation>
    </message>
    <message>
        <source>⚠ only %1 are free</source>
        <translation>⚠ 仅剩 %1</translation>
    </message>
    <message>
        <source>%1 are free</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Logits</source>
        <translation>logits</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>工作缓冲区</translation>
    </message>
    <message>
        <source>Checkpoint copy and program</source>
        <translation>检查点副本与程序</translation>
    </message>
    <message>
        <source>on the GPU</source>
        <translation>（GPU 上）</translation>
    </message>
    <message>
        <source>of this computer</source>
        <translation>（本机）</translation>
    </message>
    <message>
        <source>of %1 on the GPU (%2)</source>
        <translation>，GPU（%2）共 %1</translation>
    </message>
    <message>
        <source>of %1 of this computer</source>
        <translation>本机内存共 %1</translation>
    </message>
    <message>
        <source>⚠ too much: lower the micro-batch or the sequence length</source>
        <translation>⚠ 超出：请调小单次批大小或序列长度</translation>
    </message>
    <message>
        <source>What the run will be and cost. Nothing is written before you start or save it.</source>
        <translation>开始之前看一看这次训练的规模和开销。在你开始或保存之前，不会写入任何文件。</translation>
    </message>
    <message>
        <source>&amp;Name of the run:</source>
        <translation>训练名称(&amp;N)：</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>The same on the command &amp;line:</source>
        <translation>等价的命令行(&amp;L)：</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>确认</translation>
    </message>
    <message numerus="yes">
        <source>%1 layers of %2</source>
        <translation>
            <numerusform>%1 层 × %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 heads</source>
        <translation>
            <numerusform>%1 个头</numerusform>
        </translation>
    </message>
    <message>
        <source>vocabulary %1</source>
        <translation>词表 %1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>each layer is computed twice to fit, slower</source>
        <translation>为放得下，每层计算两次，较慢</translation>
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
    <message numerus="yes">
        <source>The %1 steps since the last checkpoint are lost.</source>
        <translation>
            <numerusform>最近一个检查点之后的 %1 步将会丢失。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %1 steps are lost: there is no checkpoint yet.</source>
        <translation>
            <numerusform>还没有检查点，已完成的 %1 步将全部丢失。</numerusform>
        </translation>
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
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>Talks with its newest checkpoint on the Chat page</source>
        <translation>在“对话”页与最新的检查点交谈</translation>
    </message>
    <message>
        <source>Lets its newest checkpoint write, on the Models page</source>
        <translation>在“模型”页让最新的检查点写几句</translation>
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
</context>
<context>
    <name>z2::ui::SettingsSources</name>
    <message>
        <source>Its settings were not taken.</source>
        <translation>没有采用它的设置。</translation>
    </message>
    <message>
        <source>The settings here are as they were.</source>
        <translation>这里的设置保持不变。</translation>
    </message>
    <message>
        <source>The settings were saved</source>
        <translation>设置已保存</translation>
    </message>
    <message>
        <source>No file was written.</source>
        <translation>没有写入文件。</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>训练 %1</translation>
    </message>
    <message>
        <source>A file…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>The defaults</source>
        <translation>默认设置</translation>
    </message>
    <message>
        <source>Settings (*.json)</source>
        <translation>设置 (*.json)</translation>
    </message>
</context>
<context>
    <name>z2::ui::TokenizerStep</name>
    <message>
        <source>This is not the tokenizer that made the data</source>
        <translation>与制作数据的分词器不一致</translation>
    </message>
    <message>
        <source>%1   %2 pieces</source>
        <translation>%1   %2 个词元</translation>
    </message>
    <message>
        <source>made the data</source>
        <translation>数据由它制作</translation>
    </message>
    <message>
        <source>This is not the tokenizer that made the data: the ids would become other text. Training works, but samples, chat and exports would be nonsense.</source>
        <translation>这不是制作数据所用的分词器：同样的编号会变成别的文字。训练可以进行，但样例、对话和导出的结果都没有意义。</translation>
    </message>
    <message>
        <source>None is chosen. Training needs none, but samples, chat and exports do.</source>
        <translation>尚未选择。训练本身不需要分词器，但样例、对话和导出需要。</translation>
    </message>
    <message>
        <source>Nothing says which tokenizer made the data; the choice cannot be checked.</source>
        <translation>数据没有记录所用的分词器，无法核对是否一致。</translation>
    </message>
    <message>
        <source>✓ It is the one that made the data.</source>
        <translation>✓ 与制作数据所用的分词器一致。</translation>
    </message>
    <message>
        <source>The tokenizer follows the data. It turns the model&apos;s numbers back into text for samples, chat and exports.</source>
        <translation>分词器随数据而定，用于把模型输出的编号变回文字（样例、对话、导出）。</translation>
    </message>
    <message>
        <source>Tokenizers</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>分词器</translation>
    </message>
</context>
<context>
    <name>z2::ui::TrainingStep</name>
    <message>
        <source>Fields: %1</source>
        <translation>共 %1 项</translation>
    </message>
    <message>
        <source>Simple</source>
        <translation>常用</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Search fields</source>
        <translation>搜索设置项</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>The defaults are sound for a first run; steps, micro-batch and learning rate matter most. Point at a field for its command-line flag.</source>
        <translation>初次训练用默认值即可；最要紧的是步数、单次批大小和学习率。鼠标停在某一项上可看到命令行参数名。</translation>
    </message>
</context>
</TS>
