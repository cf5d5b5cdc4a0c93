<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Core</name>
    <message>
        <source>there is no such file</source>
        <translation>没有这个文件</translation>
    </message>
    <message>
        <source>there is no such directory</source>
        <translation>没有这个目录</translation>
    </message>
    <message>
        <source>Check the path</source>
        <translation>请检查路径</translation>
    </message>
    <message>
        <source>this is not a regular file</source>
        <translation>这不是普通文件</translation>
    </message>
    <message>
        <source>the disk cannot read this file</source>
        <translation>磁盘无法读取这个文件</translation>
    </message>
    <message>
        <source>Free some space on that disk and try again</source>
        <translation>请在该磁盘上腾出一些空间后重试</translation>
    </message>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1 失败：%2</translation>
    </message>
    <message>
        <source>Check the permissions of the file and of its folder</source>
        <translation>请检查文件及其所在目录的权限</translation>
    </message>
    <message>
        <source>this is not valid JSON (at byte %1)</source>
        <translation>这不是有效的 JSON（第 %1 字节处）</translation>
    </message>
    <message>
        <source>the program %1 is not there</source>
        <translation>找不到程序 %1</translation>
    </message>
    <message>
        <source>Build it (packaging/setup), or put it beside %1</source>
        <translation>请构建它（packaging/setup），或把它放到 %1 旁边</translation>
    </message>
    <message>
        <source>it was not found; looked in %1</source>
        <translation>没有找到；已查找 %1</translation>
    </message>
    <message>
        <source>Run packaging/setup, or set Z2_LIBTORCH to the torch folder of that version</source>
        <translation>请运行 packaging/setup，或把 Z2_LIBTORCH 设为该版本的 torch 目录</translation>
    </message>
    <message>
        <source>The file is damaged or not a safetensors file; fetch or write it again</source>
        <translation>文件已损坏或不是 safetensors 文件，请重新获取或重新保存</translation>
    </message>
    <message>
        <source>Weights are read as F32, BF16 or F16; convert the file</source>
        <translation>权重只支持 F32、BF16 或 F16，请转换该文件</translation>
    </message>
    <message>
        <source>the folder cannot be made: %1</source>
        <translation>无法创建目录：%1</translation>
    </message>
    <message>
        <source>this folder cannot be read: %1</source>
        <translation>无法读取这个目录：%1</translation>
    </message>
    <message>
        <source>Choose another workspace with --workspace or Z2_WORKSPACE</source>
        <translation>请用 --workspace 或 Z2_WORKSPACE 另选工作区</translation>
    </message>
    <message>
        <source>there is something in this place already</source>
        <translation>此处已有内容</translation>
    </message>
    <message>
        <source>this is there already and is not an empty folder</source>
        <translation>这里已经存在，而且不是空目录</translation>
    </message>
    <message>
        <source>Name a new folder</source>
        <translation>请指定一个新目录</translation>
    </message>
    <message>
        <source>Choose a file that does not exist yet</source>
        <translation>请指定一个尚不存在的文件</translation>
    </message>
    <message>
        <source>Choose a folder that does not exist yet</source>
        <translation>请指定一个尚不存在的目录</translation>
    </message>
    <message>
        <source>the file fails its checksum</source>
        <translation>文件未通过校验</translation>
    </message>
    <message>
        <source>the file has %1 bytes instead of %2</source>
        <translation>文件有 %1 字节，应为 %2 字节</translation>
    </message>
    <message>
        <source>the manifest fails its checksum</source>
        <translation>清单未通过校验</translation>
    </message>
    <message>
        <source>the manifest has no checksum</source>
        <translation>清单中没有校验和</translation>
    </message>
    <message>
        <source>this is not the manifest of a checkpoint</source>
        <translation>这不是检查点的清单</translation>
    </message>
    <message>
        <source>the disk has %1 left and the checkpoint takes %2</source>
        <translation>磁盘剩余 %1，而检查点需要 %2</translation>
    </message>
    <message>
        <source>Free some space; training goes on meanwhile</source>
        <translation>请腾出一些空间；训练仍在继续</translation>
    </message>
    <message>
        <source>%1 are not available</source>
        <translation>%1 不可用</translation>
    </message>
    <message>
        <source>Close other programs, or train a smaller model</source>
        <translation>请关闭其他程序，或训练较小的模型</translation>
    </message>
    <message>
        <source>Use the version that wrote it</source>
        <translation>请使用写入它的版本</translation>
    </message>
    <message>
        <source>the checkpoint was written by another version of this program</source>
        <translation>该检查点由本程序的另一版本写入</translation>
    </message>
    <message>
        <source>none of the run&apos;s checkpoints verifies</source>
        <translation>这次训练的检查点都未通过校验</translation>
    </message>
    <message>
        <source>Bring a copy back, or begin anew: %1</source>
        <translation>请找回备份，或重新开始：%1</translation>
    </message>
    <message>
        <source>the run is %1 already (process %2)</source>
        <translation>训练已处于 %1 状态（进程 %2）</translation>
    </message>
    <message>
        <source>Watch it with `z2all run tail --follow`, or end it with `z2all run stop`</source>
        <translation>可以在训练页查看进展，或先将它停止</translation>
    </message>
    <message>
        <source>Watch it with `z2all run status`, or end it with `z2all run stop`</source>
        <translation>可以在训练页查看进展，或先将它停止</translation>
    </message>
    <message>
        <source>the run was started before and is %1</source>
        <translation>训练此前已启动，目前处于 %1 状态</translation>
    </message>
    <message>
        <source>Continue it with `z2all run resume`</source>
        <translation>请用“续训”让它接着训练</translation>
    </message>
    <message>
        <source>the run cannot be resumed: %1</source>
        <translation>训练无法继续：%1</translation>
    </message>
    <message>
        <source>the run cannot be trained: %1</source>
        <translation>无法训练：%1</translation>
    </message>
    <message>
        <source>the run&apos;s supervisor ended at once</source>
        <translation>训练的监督进程刚启动就结束了</translation>
    </message>
    <message>
        <source>More is in %1</source>
        <translation>详情见 %1</translation>
    </message>
    <message>
        <source>the run is not running: it is %1</source>
        <translation>训练没有在进行，目前状态为 %1</translation>
    </message>
    <message>
        <source>the run is at work on another machine, %1</source>
        <translation>训练正在另一台机器 %1 上进行</translation>
    </message>
    <message>
        <source>Stop it there</source>
        <translation>请在那台机器上停止它</translation>
    </message>
    <message>
        <source>this run is already supervised by process %1</source>
        <translation>进程 %1 已在监督这次训练</translation>
    </message>
    <message>
        <source>this is not a run: there is no run.json in it</source>
        <translation>这不是训练目录：其中没有 run.json</translation>
    </message>
    <message>
        <source>there is a run already in this directory</source>
        <translation>这个目录里已有一次训练</translation>
    </message>
    <message>
        <source>this is not the configuration of a run</source>
        <translation>这不是训练的配置文件</translation>
    </message>
    <message>
        <source>this is not the status of a run</source>
        <translation>这不是训练的状态文件</translation>
    </message>
    <message>
        <source>it was made by a newer program (schema version %1)</source>
        <translation>它由更新版本的程序创建（schema 版本 %1）</translation>
    </message>
    <message>
        <source>Update this program</source>
        <translation>请更新本程序</translation>
    </message>
    <message>
        <source>this line is not a record of metrics</source>
        <translation>这一行不是指标记录</translation>
    </message>
    <message>
        <source>Only z2all-train may write this file</source>
        <translation>这个文件只应由 z2all-train 写入</translation>
    </message>
    <message>
        <source>seq %1 follows where %2 is due</source>
        <translation>此处应为 seq %2，实际为 %1</translation>
    </message>
    <message>
        <source>Rows are missing or doubled: the file was edited or copied in part</source>
        <translation>有行缺失或重复：文件曾被编辑，或未复制完整</translation>
    </message>
    <message>
        <source>there is no metric in this run yet</source>
        <translation>这次训练还没有指标</translation>
    </message>
    <message>
        <source>this is no log of a run that is known here</source>
        <translation>无法识别这个训练日志</translation>
    </message>
    <message>
        <source>Known are llm-zero2all&apos;s text log and TensorBoard&apos;s event files</source>
        <translation>可识别 llm-zero2all 的文本日志和 TensorBoard 的事件文件</translation>
    </message>
    <message>
        <source>there is no event file (…tfevents…) in this folder</source>
        <translation>这个目录里没有事件文件（…tfevents…）</translation>
    </message>
    <message>
        <source>it has no checkpoint yet that could write</source>
        <translation>还没有可用来生成的检查点</translation>
    </message>
    <message>
        <source>Wait for the first one, or stop the run, which saves one</source>
        <translation>请等待第一个检查点，或停止训练（停止时会保存）</translation>
    </message>
    <message>
        <source>there is no file %1</source>
        <translation>没有文件 %1</translation>
    </message>
    <message>
        <source>Make it with `z2all data tokenize --output %1`</source>
        <translation>请在“数据”页制作，或执行 `z2all data tokenize --output %1`</translation>
    </message>
    <message>
        <source>%1 is neither a run, a checkpoint nor a Hugging Face directory</source>
        <translation>%1 不是训练目录、检查点或 Hugging Face 目录</translation>
    </message>
    <message>
        <source>Give a directory that holds run.json, or config.json with model.safetensors</source>
        <translation>请指定含有 run.json 的目录，或含有 config.json 和 model.safetensors 的目录</translation>
    </message>
    <message>
        <source>%1 is less than the %2 tokens the data was made with</source>
        <translation>%1 小于制作数据时的词表大小 %2</translation>
    </message>
    <message>
        <source>Raise it, or use data made with the model&apos;s own tokenizer</source>
        <translation>请调大它，或使用由模型自己的分词器制作的数据</translation>
    </message>
    <message>
        <source>this data was made with a vocabulary of %1 tokens; the model has %2</source>
        <translation>制作这份数据的词表有 %1 个 token，模型有 %2 个</translation>
    </message>
    <message>
        <source>Set model.vocab_size to %1 or more, or make the data with the model&apos;s tokenizer</source>
        <translation>请把 model.vocab_size 设为至少 %1，或用模型的分词器制作数据</translation>
    </message>
    <message>
        <source>the model needs %1</source>
        <translation>模型需要 %1</translation>
    </message>
    <message>
        <source>Lower train.micro_batch_size or data.seq_len, or choose a smaller model.</source>
        <translation>请减小 train.micro_batch_size 或 data.seq_len，或选择较小的模型。</translation>
    </message>
    <message>
        <source>the checkpoint&apos;s file cannot be copied here: %1</source>
        <translation>无法把检查点文件复制到此处：%1</translation>
    </message>
    <message>
        <source>Make room on the disk, or choose another folder</source>
        <translation>请在磁盘上腾出空间，或另选目录</translation>
    </message>
    <message>
        <source>this is no model: it has no run.json, manifest.json or config.json</source>
        <translation>这不是模型：没有 run.json、manifest.json 或 config.json</translation>
    </message>
    <message>
        <source>Name a run, a checkpoint or a Hugging Face directory</source>
        <translation>请指定训练、检查点或 Hugging Face 目录</translation>
    </message>
    <message>
        <source>this run has no checkpoint that verifies</source>
        <translation>这次训练没有通过校验的检查点</translation>
    </message>
    <message>
        <source>Let it run until it has saved one (train.checkpoint_interval)</source>
        <translation>请等它保存一个检查点（train.checkpoint_interval）</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; is missing</source>
        <translation>缺少张量“%1”</translation>
    </message>
    <message>
        <source>Check that all shards are there and belong to this config.json</source>
        <translation>请检查所有分片是否齐全，且与这份 config.json 对应</translation>
    </message>
    <message>
        <source>there is no model.safetensors and no index of shards</source>
        <translation>没有 model.safetensors，也没有分片索引</translation>
    </message>
    <message>
        <source>Check that the download is complete</source>
        <translation>请检查下载是否完整</translation>
    </message>
    <message>
        <source>Models of LlamaForCausalLM and Qwen2ForCausalLM are read</source>
        <translation>支持 LlamaForCausalLM 和 Qwen2ForCausalLM 模型</translation>
    </message>
    <message>
        <source>there is no tokenizer.json or .model here</source>
        <translation>这里没有 tokenizer.json 或 .model</translation>
    </message>
    <message>
        <source>Name the tokenizer&apos;s folder</source>
        <translation>请指定分词器所在目录</translation>
    </message>
    <message>
        <source>nothing says which tokenizer %1 uses</source>
        <translation>无从得知 %1 使用哪个分词器</translation>
    </message>
    <message>
        <source>the tokenizer has %1 tokens, the model %2</source>
        <translation>分词器有 %1 个 token，模型有 %2 个</translation>
    </message>
    <message>
        <source>Name the tokenizer that the model was trained with</source>
        <translation>请指定训练该模型时所用的分词器</translation>
    </message>
    <message>
        <source>no logit is a number</source>
        <translation>logits 全都不是数值</translation>
    </message>
    <message>
        <source>The model&apos;s weights are damaged or diverged</source>
        <translation>模型权重已损坏或已发散</translation>
    </message>
    <message>
        <source>the prompt has %1 tokens; the model holds %2</source>
        <translation>提示有 %1 个 token，模型最多容纳 %2 个</translation>
    </message>
    <message>
        <source>Shorten the prompt</source>
        <translation>请缩短提示</translation>
    </message>
    <message>
        <source>there is no text to continue</source>
        <translation>没有可供续写的文本</translation>
    </message>
    <message>
        <source>Write a few words</source>
        <translation>请写几个字</translation>
    </message>
    <message>
        <source>the text is not UTF-8</source>
        <translation>文本不是 UTF-8 编码</translation>
    </message>
    <message>
        <source>Convert the file, for example with iconv -f GB18030 -t UTF-8</source>
        <translation>请转换文件编码，例如 iconv -f GB18030 -t UTF-8</translation>
    </message>
    <message>
        <source>Each record is an object; name the fields that hold text with --field</source>
        <translation>每条记录是一个对象，请指明哪些字段是文本</translation>
    </message>
    <message>
        <source>--max-memory is too small to train in</source>
        <translation>--max-memory 太小，无法训练</translation>
    </message>
    <message>
        <source>Give at least %1MiB</source>
        <translation>请至少给 %1MiB</translation>
    </message>
    <message>
        <source>Ask for --vocab-size %1 or more</source>
        <translation>词表大小请至少设为 %1</translation>
    </message>
    <message>
        <source>Ask for at most %1</source>
        <translation>请不要超过 %1</translation>
    </message>
    <message>
        <source>sentencepiece could not train: %1</source>
        <translation>sentencepiece 训练失败：%1</translation>
    </message>
    <message>
        <source>Install libsentencepiece-dev and build again, or train with --type bbpe, which needs no plug-in</source>
        <translation>请安装 libsentencepiece-dev 后重新构建，或改用不需要插件的 bbpe</translation>
    </message>
    <message>
        <source>the work was ended from outside before it was done</source>
        <translation>任务在完成之前被外部结束</translation>
    </message>
    <message>
        <source>Start it again</source>
        <translation>请重新开始</translation>
    </message>
    <message>
        <source>cpu</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>trainer</source>
        <translation>训练引擎</translation>
    </message>
    <message>
        <source>plugins</source>
        <translation>插件</translation>
    </message>
    <message>
        <source>Build it with packaging/setup, or copy it beside z2all</source>
        <translation>请用 packaging/setup 构建，或把它复制到 z2all 旁边</translation>
    </message>
    <message>
        <source>LibTorch %1 in %2 (%3)</source>
        <translation>LibTorch %1，位于 %2（%3）</translation>
    </message>
    <message>
        <source>the engine, %1, is not there</source>
        <translation>找不到训练引擎 %1</translation>
    </message>
    <message>
        <source>the engine starts: %1</source>
        <translation>训练引擎可以启动：%1</translation>
    </message>
    <message>
        <source>the engine, %1, does not start (%2)</source>
        <translation>训练引擎 %1 无法启动（%2）</translation>
    </message>
    <message>
        <source>See the line above; a missing library is brought by packaging/setup</source>
        <translation>请看上一行；缺少的库可由 packaging/setup 补齐</translation>
    </message>
    <message>
        <source>there is no NVIDIA GPU (no driver is loaded), so the CPU is used</source>
        <translation>没有 NVIDIA GPU（未加载驱动），因此使用 CPU</translation>
    </message>
    <message>
        <source>an NVIDIA driver is loaded, but nvidia-smi is not on PATH</source>
        <translation>已加载 NVIDIA 驱动，但 PATH 中没有 nvidia-smi</translation>
    </message>
    <message>
        <source>Install the driver&apos;s tools to see what the GPU does</source>
        <translation>请安装驱动附带的工具，以便查看 GPU 状态</translation>
    </message>
    <message>
        <source>nvidia-smi fails, so the CPU is used: %1</source>
        <translation>nvidia-smi 执行失败，因此使用 CPU：%1</translation>
    </message>
    <message>
        <source>Mend the driver; a restart of the machine helps after an update</source>
        <translation>请修复驱动；更新驱动后重启机器通常即可解决</translation>
    </message>
    <message>
        <source>%1; the CUDA plug-in is not beside this program, so the CPU is used</source>
        <translation>%1；本程序旁边没有 CUDA 插件，因此使用 CPU</translation>
    </message>
    <message>
        <source>Build libz2_cuda with a CUDA toolkit, or use the node bundle</source>
        <translation>请用 CUDA 工具包构建 libz2_cuda，或使用节点安装包</translation>
    </message>
    <message>
        <source>plug-ins: %1; not there: %2</source>
        <translation>插件：%1；缺少：%2</translation>
    </message>
    <message>
        <source>plug-ins: %1</source>
        <translation>插件：%1</translation>
    </message>
    <message>
        <source>no plug-ins; not there: %1</source>
        <translation>没有插件；缺少：%1</translation>
    </message>
    <message>
        <source>no plug-ins</source>
        <translation>没有插件</translation>
    </message>
    <message>
        <source>Build them with packaging/setup if you need what they do</source>
        <translation>如需这些功能，请用 packaging/setup 构建</translation>
    </message>
    <message>
        <source>%1 with %2 cores, %3</source>
        <translation>%1，%2 核，%3</translation>
    </message>
    <message>
        <source>%1 with 1 core, %2</source>
        <translation>%1，1 核，%2</translation>
    </message>
    <message>
        <source>Training works but is slow; a processor with AVX2 is much faster</source>
        <translation>可以训练，但较慢；支持 AVX2 的处理器会快得多</translation>
    </message>
    <message>
        <source>%1 of %2 are free</source>
        <translation>共 %2，可用 %1</translation>
    </message>
    <message>
        <source>Close other programs, or train a small model with a small micro-batch</source>
        <translation>请关闭其他程序，或用较小的微批训练较小的模型</translation>
    </message>
    <message>
        <source>%1 cannot be reached: %2</source>
        <translation>无法访问 %1：%2</translation>
    </message>
    <message>
        <source>%1 are free for the workspace %2</source>
        <translation>工作区 %2 可用空间为 %1</translation>
    </message>
    <message>
        <source>Free some space: checkpoints take 12 bytes a parameter each</source>
        <translation>请腾出一些空间：每个检查点按每个参数 12 字节计</translation>
    </message>
    <message>
        <source>Bundles need glibc 2.%1 or newer (Ubuntu 22.04, Debian 12)</source>
        <translation>安装包需要 glibc 2.%1 或更新版本（Ubuntu 22.04、Debian 12）</translation>
    </message>
    <message>
        <source>it is %1</source>
        <translation>目前状态为%1</translation>
    </message>
    <message>
        <source>it has not been started; `z2all run start` begins it</source>
        <translation>它还没有开始；请先点“开始”</translation>
    </message>
    <message>
        <source>created</source>
        <translation>已创建</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>running</source>
        <translation>训练中</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation>崩溃</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>beside the program</source>
        <translation>程序旁边</translation>
    </message>
    <message>
        <source>the folder of the build</source>
        <translation>构建目录</translation>
    </message>
    <message>
        <source>gpu</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>libtorch</source>
        <translation>LibTorch</translation>
    </message>
</context>
<context>
    <name>Duration</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
</context>
<context>
    <name>JobNotices</name>
    <message>
        <source>The demo is trained</source>
        <translation>演示训练已完成</translation>
    </message>
    <message>
        <source>The tokenizer %1 is ready</source>
        <translation>分词器 %1 已就绪</translation>
    </message>
    <message>
        <source>No tokenizer was made.</source>
        <translation>没有生成分词器。</translation>
    </message>
    <message>
        <source>The data %1 is ready</source>
        <translation>数据 %1 已就绪</translation>
    </message>
    <message>
        <source>No data was made; nothing is left of it.</source>
        <translation>没有生成数据，也没有留下任何残余。</translation>
    </message>
    <message>
        <source>The model %1 was imported</source>
        <translation>模型 %1 已导入</translation>
    </message>
    <message>
        <source>Nothing was imported.</source>
        <translation>没有导入任何内容。</translation>
    </message>
    <message>
        <source>The model was exported</source>
        <translation>模型已导出</translation>
    </message>
    <message>
        <source>Nothing was exported.</source>
        <translation>没有导出任何内容。</translation>
    </message>
    <message>
        <source>The tokenizer was exported</source>
        <translation>分词器已导出</translation>
    </message>
    <message>
        <source>The run %1 was imported</source>
        <translation>训练 %1 已导入</translation>
    </message>
    <message>
        <source>Texts that were written before are kept.</source>
        <translation>先前生成的文本都会保留。</translation>
    </message>
    <message>
        <source>What was made so far is kept.</source>
        <translation>已完成的部分都会保留。</translation>
    </message>
</context>
<context>
    <name>Phase</name>
    <message>
        <source>Reading text</source>
        <translation>读取文本</translation>
    </message>
    <message>
        <source>Counting words</source>
        <translation>统计词频</translation>
    </message>
    <message>
        <source>Merging pairs</source>
        <translation>合并词对</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Tokenizing</source>
        <translation>分词</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>正在生成</translation>
    </message>
</context>
<context>
    <name>Places</name>
    <message>
        <source>Runs</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Tokenizers</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Search on this page</source>
        <translation>在本页中搜索</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>This list</source>
        <translation>显示本列表</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>The first place at the left; Ctrl+2 the next, …</source>
        <translation>左侧第一项；Ctrl+2 为下一项，依此类推</translation>
    </message>
    <message>
        <source>Runs: open the run</source>
        <translation>训练：打开所选训练</translation>
    </message>
    <message>
        <source>Runs: mark the run to compare it</source>
        <translation>训练：选中以便对比</translation>
    </message>
    <message>
        <source>Runs: rename</source>
        <translation>训练：重命名</translation>
    </message>
    <message>
        <source>Runs: tags</source>
        <translation>训练：标签</translation>
    </message>
    <message>
        <source>Runs: move to the trash</source>
        <translation>训练：移到回收站</translation>
    </message>
</context>
<context>
    <name>Task</name>
    <message>
        <source>Pretrain</source>
        <translation>预训练</translation>
    </message>
</context>
<context>
    <name>z2::ui::DemoService</name>
    <message>
        <source>The demo</source>
        <translation>演示</translation>
    </message>
</context>
<context>
    <name>z2::ui::DoctorView</name>
    <message>
        <source>z2all does not stand beside this program; build it with packaging/setup.</source>
        <translation>本程序旁边没有 z2all；请用 packaging/setup 构建。</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在检查这台计算机…</translation>
    </message>
    <message>
        <source>z2all doctor gave no answer; run it in a terminal to see why.</source>
        <translation>z2all doctor 没有返回结果；请在终端中运行它查看原因。</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>This computer has what training needs.</source>
        <translation>这台计算机具备训练所需的一切。</translation>
    </message>
    <message numerus="yes">
        <source>%n problems are to be solved first.</source>
        <translation>
            <numerusform>请先解决 %n 个问题。</numerusform>
        </translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
</context>
<context>
    <name>z2::ui::ImportMenu</name>
    <message>
        <source>Import of %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>A log of llm-zero2all, or a TensorBoard event file…</source>
        <translation>llm-zero2all 的日志，或 TensorBoard 事件文件…</translation>
    </message>
    <message>
        <source>A folder of TensorBoard event files…</source>
        <translation>包含 TensorBoard 事件文件的目录…</translation>
    </message>
</context>
<context>
    <name>z2::ui::JobBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
</context>
<context>
    <name>z2::ui::JobRow</name>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>End at once</source>
        <translation>立即结束</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>z2::ui::MainWindow</name>
    <message>
        <source>Zero2All Workbench</source>
        <translation>Zero2All 工作台</translation>
    </message>
</context>
<context>
    <name>z2::ui::NoticeBanner</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Dismiss (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>提示</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunEdits</name>
    <message>
        <source>The run keeps its name; nothing else was touched.</source>
        <translation>训练名称未变，其他内容也未改动。</translation>
    </message>
    <message>
        <source>The run keeps its tags; nothing else was touched.</source>
        <translation>训练的标签未变，其他内容也未改动。</translation>
    </message>
    <message>
        <source>The run stays where it was in the list.</source>
        <translation>该训练仍留在列表原处。</translation>
    </message>
    <message numerus="yes">
        <source>%n runs archived</source>
        <translation>
            <numerusform>已归档 %n 次训练</numerusform>
        </translation>
    </message>
    <message>
        <source>They are hidden, nothing was deleted.</source>
        <translation>它们只是隐藏起来，没有删除任何内容。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>This run was not deleted.</source>
        <translation>该训练未被删除。</translation>
    </message>
    <message numerus="yes">
        <source>%n runs moved to the trash</source>
        <translation>
            <numerusform>已将 %n 次训练移到回收站</numerusform>
        </translation>
    </message>
    <message>
        <source>They lie in %1 until you empty it.</source>
        <translation>它们保存在 %1，直到你清空为止。</translation>
    </message>
    <message>
        <source>The run is still in the trash.</source>
        <translation>该训练仍在回收站中。</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunPane</name>
    <message>
        <source>Select a run to see its loss and figures.</source>
        <translation>选中一次训练，在此查看它的损失曲线和各项数值。</translation>
    </message>
    <message>
        <source>Open the run</source>
        <translation>打开训练</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>验证损失</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>token/s</translation>
    </message>
    <message>
        <source>MFU</source>
        <translation>MFU</translation>
    </message>
    <message>
        <source>Last checkpoint</source>
        <translation>最新检查点</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Selected run</source>
        <translation>所选训练</translation>
    </message>
    <message>
        <source>No loss yet</source>
        <translation>还没有损失值</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunTableModel</name>
    <message>
        <source>Unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Validation: %1</source>
        <translation>验证损失：%1</translation>
    </message>
    <message>
        <source>Course of the loss</source>
        <translation>损失走势</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Course</source>
        <translation>走势</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>token/s</translation>
    </message>
    <message>
        <source>MFU</source>
        <translation>MFU</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunsPage</name>
    <message>
        <source>Runs</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Show archived (%1)</source>
        <translation>显示已归档（%1）</translation>
    </message>
    <message numerus="yes">
        <source>%n runs</source>
        <translation>
            <numerusform>%n 次训练</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 runs</source>
        <translation>%2 次训练中的 %1 次</translation>
    </message>
    <message>
        <source>Compare (%1)</source>
        <translation>对比（%1）</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Words of name, tag, task or state; /…/ is a regular expression</source>
        <translation>按名称、标签、任务或状态中的词搜索；/…/ 为正则表达式</translation>
    </message>
    <message>
        <source>This regular expression is not complete</source>
        <translation>正则表达式不完整</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags, with commas between them:</source>
        <translation>标签（用英文逗号分隔）：</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Mark to compare</source>
        <translation>标记以便对比</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Tags…</source>
        <translation>标签…</translation>
    </message>
    <message>
        <source>Back from the archive</source>
        <translation>取消归档</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move to the trash (stop it first)</source>
        <translation>移到回收站（请先停止）</translation>
    </message>
    <message>
        <source>Search name, tag, state</source>
        <translation>搜索名称、标签、状态</translation>
    </message>
    <message>
        <source>Search runs</source>
        <translation>搜索训练</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Mark runs with the box before their name, or with Space</source>
        <translation>勾选名称前的方框，或按空格键标记训练</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>还没有训练</translation>
    </message>
    <message>
        <source>No run matches</source>
        <translation>没有匹配的训练</translation>
    </message>
    <message>
        <source>No run has these words in its name, tags, task or state.</source>
        <translation>没有训练的名称、标签、任务或状态包含这些词。</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>The demo is on its way</source>
        <translation>演示正在进行</translation>
    </message>
    <message>
        <source>Its tokenizer and its data come first; then its run opens here with live curves. You may close this window: it goes on without it.</source>
        <translation>先制作分词器和数据，随后训练会在这里打开，并实时显示曲线。可以关闭这个窗口，演示会继续进行。</translation>
    </message>
    <message>
        <source>A run is one training of a model. See one from beginning to end: the demo trains a tokenizer and a model of 10 million parameters on text that this computer has, and lets it write.</source>
        <translation>这里列出每一次模型训练。不妨先完整地看一遍：演示用本机已有的文本训练一个分词器和一个 1000 万参数的模型，再让它写几句话。</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>A run of another program, to watch and compare beside yours</source>
        <translation>导入其他程序的训练记录，与自己的训练一起查看和对比</translation>
    </message>
    <message>
        <source>Train the demo (about %1 on this computer)</source>
        <translation>训练演示模型（在这台电脑上约需 %1）</translation>
    </message>
</context>
<context>
    <name>z2::ui::SettingsPage</name>
    <message>
        <source>Choose the workspace</source>
        <translation>选择工作区</translation>
    </message>
    <message>
        <source>The window could not be started again</source>
        <translation>窗口未能重新启动</translation>
    </message>
    <message>
        <source>This window stays with its workspace.</source>
        <translation>当前窗口仍使用原来的工作区。</translation>
    </message>
    <message>
        <source>Close it and start zero2all; it opens the new workspace.</source>
        <translation>请关闭窗口并启动 zero2all，它会打开新的工作区。</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台计算机</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Workspace</source>
        <translation>工作区(&amp;W)</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Holds runs, data, tokenizers and models</source>
        <translation>保存训练、数据、分词器和模型</translation>
    </message>
    <message>
        <source>A new run begins with</source>
        <translation>新建训练的默认设置</translation>
    </message>
</context>
<context>
    <name>z2::ui::Sidebar</name>
    <message>
        <source>Places</source>
        <translation>导航</translation>
    </message>
    <message>
        <source>Workspace: %1</source>
        <translation>工作区：%1</translation>
    </message>
    <message>
        <source>%1 (Ctrl+%2)</source>
        <translation>%1（Ctrl+%2）</translation>
    </message>
</context>
<context>
    <name>z2::ui::StateLabel</name>
    <message>
        <source>Unreadable</source>
        <translation>无法读取</translation>
    </message>
</context>
<context>
    <name>z2::ui::StatusLine</name>
    <message>
        <source>Nothing is running</source>
        <translation>没有正在进行的训练</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n 次训练进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>CPU %1 %</source>
        <translation>CPU %1%</translation>
    </message>
    <message>
        <source>Memory %1 of %2</source>
        <translation>内存 %1 / %2</translation>
    </message>
    <message>
        <source>GPU %1 %2 % %3 °C %4 of %5</source>
        <translation>GPU %1  %2%  %3 °C  %4 / %5</translation>
    </message>
    <message>
        <source>%1, %2 W</source>
        <translation>%1，%2 W</translation>
    </message>
</context>
<context>
    <name>z2::ui::Workbench</name>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
</context>
</TS>
